/** Which page is open, in the address behind #, so that reload, back and links work. */

import { signal } from '@preact/signals';

export type Route =
  { page: 'worklist' } | { page: 'study'; study: string; patient: number } | { page: 'welcome'; token: string };

export const route = signal<Route>(read(location.hash));
addEventListener('hashchange', () => (route.value = read(location.hash)));

export function open(next: Route): void {
  location.hash = addressOf(next);
}

export function addressOf(next: Route): string {
  if (next.page === 'study') return `#/study/${next.study}${next.patient > 1 ? `?patient=${next.patient}` : ''}`;
  return next.page === 'welcome' ? `#/welcome?token=${encodeURIComponent(next.token)}` : '#/';
}

export function read(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const asked = new URLSearchParams(query);
  const study = /^\/study\/([\d.]+)$/.exec(path)?.[1];
  if (study) return { page: 'study', study, patient: Math.max(1, Number(asked.get('patient')) || 1) };
  return path === '/welcome' ? { page: 'welcome', token: asked.get('token') ?? '' } : { page: 'worklist' };
}
