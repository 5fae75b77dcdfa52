/** What happens in the service, live (server-sent events). No patient data comes this way. */

import { signal } from '@preact/signals';

export interface Progress {
  study_instance_uid: string;
  sop_instance_uid: string | null;
  state: 'pending' | 'read' | 'refused' | 'failed' | 'reviewed' | 'complete';
}

/** `null`: something may have been missed, look at everything anew. */
type Listener = (progress: Progress | null) => void;

const listeners = new Set<Listener>();

/** The service can be heard. While it cannot, what the page shows may be old, and the page says so. */
export const connected = signal(true);

/** Be told; the answer stops it. */
export function onProgress(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Call once. The browser comes back by itself when the connection is lost. */
export function listen(): () => void {
  const source = new EventSource('/api/events');
  source.addEventListener('open', () => (connected.value = true));
  source.addEventListener('error', () => (connected.value = false));
  source.addEventListener('everything', () => tell(null));
  source.addEventListener('progress', (event: MessageEvent<string>) => tell(JSON.parse(event.data) as Progress));
  return () => source.close();
}

function tell(progress: Progress | null): void {
  for (const listener of listeners) listener(progress);
}
