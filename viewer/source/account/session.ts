/** Who is signed in, and how one signs in here. */

import { computed, signal } from '@preact/signals';
import { signedInAs } from '../parts/reviewer';
import { askJson, onLostSession, Problem, useCsrfToken, type Lost } from '../service/client';
import type { Session, WaysIn } from '../service/types';

/** `out`: somebody must sign in; `expired`: somebody was, and the page waits for them; `away`: the service did not answer. */
export type Standing = 'asking' | 'away' | 'out' | 'in' | 'expired';

export const standing = signal<Standing>('asking');
export const waysIn = signal<WaysIn | null>(null);
export const session = signal<Session | null>(null);

export const maySend = computed(() => session.value?.rights.includes('send') ?? false);
export const mayConfigure = computed(() => session.value?.rights.includes('configure') ?? false);
/** There is an account behind the session, with a password of its own. */
export const hasAccount = computed(() => session.value !== null && !session.value.demo && session.value.role !== null);

/** Milliseconds between two tries while the service is away. */
const AGAIN = 2000;

/** Those who wait until somebody is signed in again. */
let waiting: (() => void)[] = [];

/** Call once: find out whether somebody is signed in, and have requests wait when that ends. */
export async function beginSession(): Promise<void> {
  onLostSession(regainSession);
  try {
    waysIn.value = await askJson<WaysIn>('/api/sign-in');
    takeSession(await askJson<Session>('/api/session'));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    standing.value = problem.kind === 'not-signed-in' ? 'out' : 'away';
    if (standing.value === 'away') setTimeout(() => void beginSession(), AGAIN);
  }
}

export async function signIn(name: string, password: string): Promise<void> {
  takeSession(await askJson<Session>('/api/session', { method: 'POST', body: { name, password } }));
}

/** The first thing that a person who was invited does. */
export async function acceptInvitation(wanted: { token: string; name: string; password: string }): Promise<void> {
  takeSession(await askJson<Session>('/api/session/first', { method: 'POST', body: wanted }));
}

export async function changePassword(password: string, next: string): Promise<void> {
  const body = { password, new_password: next };
  takeSession(await askJson<Session>('/api/session/password', { method: 'POST', body }));
}

/** Ends the session, and the page with it: nothing of any patient stays in its memory. */
export async function signOut(): Promise<void> {
  await askJson('/api/session', { method: 'DELETE' });
  leave();
}

export function leave(): void {
  location.hash = '#/';
  location.reload();
}

/** The session is still there, or somebody signs in again. */
export async function regainSession(kind: Lost = 'not-signed-in'): Promise<void> {
  if (kind === 'csrf') {
    takeSession(await askJson<Session>('/api/session'));
    return;
  }
  standing.value = session.value ? 'expired' : 'out';
  await new Promise<void>((resolve) => waiting.push(resolve));
}

/** For what the browser asks by itself: find out whether the session ended. */
export async function checkSession(): Promise<void> {
  try {
    takeSession(await askJson<Session>('/api/session'));
  } catch (problem) {
    if (problem instanceof Problem && problem.kind === 'not-signed-in') await regainSession();
  }
}

function takeSession(found: Session): void {
  const before = session.value;
  if (before && before.name !== found.name) {
    leave(); // another person: what the first one had open is not theirs
    return;
  }
  useCsrfToken(found.csrf_token);
  session.value = found;
  signedInAs.value = found.demo ? '' : found.display_name;
  standing.value = 'in';
  const waited = waiting;
  waiting = [];
  for (const resolve of waited) resolve();
}
