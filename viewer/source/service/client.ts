/** The one place that asks the service. Answers are JSON, bytes or a `Problem`. */

import type { ProblemDocument } from './types';

type Slug<Urn> = Urn extends `urn:hilum:problem:${infer Kind}` ? Kind : never;

/** What can go wrong: all that the service has a name for; `away`: nothing answered; `overtaken`: somebody else reviewed meanwhile. */
export type ProblemKind = Slug<ProblemDocument['type']> | 'away' | 'overtaken';

/** What the service says when it cannot (RFC 9457), or what the network says when it is away. */
export class Problem extends Error {
  constructor(
    readonly kind: ProblemKind,
    readonly status: number,
    /** For a person who reads English; holds no patient data. `language/problems.ts` has the words of all languages. */
    readonly detail: string,
    /** Seconds to wait before the same is tried again, where the service says so. */
    readonly retryAfter: number | null = null,
  ) {
    super(detail || kind);
    this.name = 'Problem';
  }
}

interface Asking {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

let csrfToken = '';
let regain: (kind: Lost) => Promise<void> = () => Promise.reject(new Error('Nobody signs in here.'));

/** Why a request was not let in: nobody is signed in any more, or the session is another one than the page thinks. */
export type Lost = 'not-signed-in' | 'csrf';

/** What has the session back. A request that was not let in waits for it and is made again: what was written is not lost. */
export function onLostSession(handler: (kind: Lost) => Promise<void>): void {
  regain = handler;
}

/** The session's token, sent with every request that changes something. */
export function useCsrfToken(token: string): void {
  csrfToken = token;
}

/** Ask for JSON. Throws a `Problem`, or an `AbortError` when the signal says so. */
export async function askJson<T>(path: string, asking: Asking = {}): Promise<T> {
  const answer = await ask(path, asking);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** Ask for bytes, with the Content-Type that they came with. */
export async function askBytes(path: string, asking: Asking = {}): Promise<{ bytes: ArrayBuffer; type: string }> {
  const answer = await ask(path, asking);
  return { bytes: await answer.arrayBuffer(), type: answer.headers.get('Content-Type') ?? '' };
}

/** Ask for text. */
export async function askText(path: string, asking: Asking = {}): Promise<string> {
  return (await ask(path, asking)).text();
}

/** Headers of a request that changes something; for those that `fetch` cannot make, such as an upload with progress. */
export function changingHeaders(): Record<string, string> {
  return csrfToken ? { 'X-CSRF-Token': csrfToken } : {};
}

async function ask(path: string, asking: Asking, tries = 0): Promise<Response> {
  const answer = await askOnce(path, asking);
  if (answer.ok) return answer;
  const problem = await problemOf(answer);
  if (isAboutSessions(path) || tries > MOST_TRIES || !(await regainIfLost(problem))) throw problem;
  return ask(path, asking, tries + 1);
}

/** Whether the session was lost and is there again, so that the same request may be made anew. */
export async function regainIfLost(problem: Problem): Promise<boolean> {
  const lost = LOST.find((kind) => kind === problem.kind);
  if (!lost) return false;
  await regain(lost);
  return true;
}

const LOST: readonly Lost[] = ['not-signed-in', 'csrf'];
const MOST_TRIES = 3;

function isAboutSessions(path: string): boolean {
  return /^\/api\/(session|sign-in)/.test(path);
}

async function askOnce(path: string, { method = 'GET', body, headers = {}, signal }: Asking): Promise<Response> {
  const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const changes = method === 'GET' ? {} : changingHeaders();
  const request: RequestInit = { method, headers: { ...json, ...changes, ...headers }, credentials: 'same-origin' };
  if (body !== undefined) request.body = JSON.stringify(body);
  if (signal) request.signal = signal;
  return fetch(path, request).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem('away', 0, '');
  });
}

/** Does it; when the service does not, `tell` hears why. Faults of ours are nobody's to hear. */
export async function orTell(act: () => Promise<void>, tell: (problem: Problem) => void): Promise<void> {
  try {
    await act();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    tell(problem);
  }
}

/** What an answer that is none says. What comes from between us and the service, such as a proxy, has no kind of ours. */
export async function problemOf(answer: { status: number; text(): Promise<string> }): Promise<Problem> {
  const text = await answer.text().catch(() => '');
  try {
    return problemFrom(JSON.parse(text) as ProblemDocument);
  } catch {
    return new Problem('failed', answer.status, `The service answered ${answer.status}.`);
  }
}

/** The problem that a document of RFC 9457 tells. Throws where it is of no kind of ours. */
export function problemFrom(document: ProblemDocument & { retry_after?: number }): Problem {
  const kind = /^urn:hilum:problem:(.+)$/.exec(document.type)?.[1] as ProblemKind | undefined;
  if (!kind) throw new TypeError('This is no problem document of the service.');
  return new Problem(kind, document.status, document.detail, document.retry_after);
}
