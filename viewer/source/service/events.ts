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

/** Milliseconds after which a connection that the browser gave up is tried again. */
const COME_BACK = 3000;

/**
 * Listen until the answer is called. The browser comes back by itself when the connection is lost; where the service
 * refused it, `refused` says whether to try again, e.g. once somebody is signed in.
 */
export function listen(refused: () => Promise<unknown> = () => Promise.resolve()): () => void {
  let source: EventSource | null = null;
  let isOver = false;
  const begin = (): void => {
    if (isOver) return;
    source = new EventSource('/api/events');
    source.addEventListener('open', () => (connected.value = true));
    source.addEventListener('error', lost);
    source.addEventListener('everything', () => tell(null));
    source.addEventListener('progress', (event: MessageEvent<string>) => tell(JSON.parse(event.data) as Progress));
  };
  const lost = (): void => {
    connected.value = false;
    if (source?.readyState === EventSource.CLOSED) setTimeout(() => void refused().finally(begin), COME_BACK);
  };
  begin();
  return () => {
    isOver = true;
    source?.close();
  };
}

function tell(progress: Progress | null): void {
  for (const listener of listeners) listener(progress);
}
