/** The one place that asks the service. Answers are JSON, bytes or a `Problem`. */

/** What the service says when it cannot (RFC 9457), or what the network says when it is away. */
export class Problem extends Error {
  constructor(
    /** The last word of `urn:hilum:problem:...`, or `away` when nothing answered. */
    readonly kind: string,
    readonly status: number,
    /** For a person; holds no patient data. */
    readonly detail: string,
  ) {
    super(detail);
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

async function ask(path: string, { method = 'GET', body, headers = {}, signal }: Asking): Promise<Response> {
  const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const changes = method === 'GET' ? {} : changingHeaders();
  const request: RequestInit = { method, headers: { ...json, ...changes, ...headers }, credentials: 'same-origin' };
  if (body !== undefined) request.body = JSON.stringify(body);
  if (signal) request.signal = signal;
  const answer = await fetch(path, request).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem('away', 0, 'The service did not answer.');
  });
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

interface ProblemDocument {
  type?: string;
  detail?: string;
}

/** What an answer that is none says. */
export async function problemOf(answer: { status: number; text(): Promise<string> }): Promise<Problem> {
  const text = await answer.text().catch(() => '');
  try {
    const { type = '', detail = '' } = JSON.parse(text) as ProblemDocument;
    return new Problem(type.split(':').at(-1) ?? 'failed', answer.status, detail);
  } catch {
    return new Problem('failed', answer.status, `The service answered ${answer.status}.`);
  }
}
