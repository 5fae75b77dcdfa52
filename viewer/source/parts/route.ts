/** Which page is open, in the address behind #, so that reload, back and links work. */

import { signal } from '@preact/signals';

export const ADMINISTERED = ['given-up', 'users', 'keys'] as const;
export type Administered = (typeof ADMINISTERED)[number];

export type Route =
  | { page: 'worklist'; asked?: string } // asked: the filters, as a query string
  | { page: 'study'; study: string; patient: number }
  | { page: 'administration'; part: Administered }
  | { page: 'welcome'; token: string };

const KEPT = 'hilum.asked';

let asked = sessionStorage.getItem(KEPT) ?? '';

export const route = signal<Route>(now());
addEventListener('hashchange', () => (route.value = now()));

export function open(next: Route): void {
  location.hash = addressOf(next);
}

/** As `open`, without a step in the browser's history. */
export function replace(next: Route): void {
  history.replaceState(null, '', addressOf(next));
  route.value = now();
}

/** The filters that the worklist had last in this tab; a way back that names none leads to these. */
export function lastAsked(): string {
  return asked;
}

export function addressOf(next: Route): string {
  if (next.page === 'study') return `#/study/${next.study}${next.patient > 1 ? `?patient=${next.patient}` : ''}`;
  if (next.page === 'administration') return `#/administration/${next.part}`;
  if (next.page === 'welcome') return `#/welcome?token=${encodeURIComponent(next.token)}`;
  const query = next.asked ?? asked;
  return query ? `#/?${query}` : '#/';
}

export function read(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const given = new URLSearchParams(query);
  const study = /^\/study\/([\d.]+)$/.exec(path)?.[1];
  if (study) return { page: 'study', study, patient: Math.max(1, Number(given.get('patient')) || 1) };
  const part = ADMINISTERED.find((one) => path === `/administration/${one}`);
  if (part) return { page: 'administration', part };
  return path === '/welcome'
    ? { page: 'welcome', token: given.get('token') ?? '' }
    : { page: 'worklist', asked: query };
}

function now(): Route {
  const there = read(location.hash);
  if (there.page === 'worklist') keep(there.asked ?? '');
  return there;
}

function keep(query: string): void {
  asked = query;
  sessionStorage.setItem(KEPT, query);
}
