/** One request with files. `fetch` tells no progress of what it sends; this does. */

import { changingHeaders, Problem, problemOf, regainIfLost } from '../service/client';
import type { Sent } from '../service/types';

interface Sending {
  files: readonly File[];
  onProgress: (loaded: number, total: number) => void;
  signal: AbortSignal;
}

/** Seconds to wait before the files are sent again, where the service is busy. */
export class Busy extends Error {
  constructor(
    readonly seconds: number,
    readonly problem: Problem,
  ) {
    super(problem.message);
  }
}

/** The service's answers. Throws `Busy`, a `Problem`, or what the signal was aborted with. */
export async function send(sending: Sending): Promise<readonly Sent[]> {
  const answer = await post(sending);
  const { status, responseText } = answer;
  const answers = answersOf(responseText);
  if (answers && status !== 503) return answers;
  const problem = await problemOf({ status, text: () => Promise.resolve(responseText) });
  if (await regainIfLost(problem)) return send(sending);
  if (status === 503) throw new Busy(Number(answer.getResponseHeader('Retry-After')) || 5, problem);
  throw problem;
}

/** Also of a refusal of all files: it has the answer of each. */
function answersOf(text: string): readonly Sent[] | null {
  try {
    const { instances } = JSON.parse(text) as { instances?: readonly Sent[] };
    return instances ?? null;
  } catch {
    return null;
  }
}

function post({ files, onProgress, signal }: Sending): Promise<XMLHttpRequest> {
  const form = new FormData();
  // By number, never by name: a file's name may hold a patient's.
  files.forEach((file, number) => form.append('files', file, String(number)));
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(loaded, total));
    request.addEventListener('load', () => resolve(request));
    request.addEventListener('error', () => reject(new Problem('away', 0, '')));
    request.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
    request.open('POST', '/api/instances');
    for (const [name, value] of Object.entries(changingHeaders())) request.setRequestHeader(name, value);
    request.send(form);
  });
}
