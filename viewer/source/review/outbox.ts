/**
 * Reviews on their way. What is signed off waits a moment, in which it can be undone, and is then sent until the service
 * has it. It is kept in this tab against a reload; the patient's name is not.
 */

import { signal } from '@preact/signals';
import { signedInAs } from '../parts/reviewer';
import { askJson, Problem } from '../service/client';
import type { Review, ReviewAnswer } from '../service/types';
import { draftOf } from './draft';
import { forget, restore } from './drafts';
import type { Post } from './sign-off';

export interface Parcel {
  study: string;
  /** Number of the patient under the study's UID. */
  patient: number;
  /** Who and what, to be said to the reader; not kept. */
  said: string;
  posts: Post[];
  state: 'waiting' | 'sending' | 'away';
}

/** Milliseconds in which a sign-off can be undone. */
export const MOMENT = 5000;
/** Milliseconds between tries while the service is away. */
const PAUSES = [1000, 2000, 5000, 10_000];
/** Each who signs in has a box of their own: nothing goes out in another's name. */
const key = () => `hilum.outbox.${signedInAs.value}`;

export const outbox = signal<readonly Parcel[]>([]);
/** Why the last one came back; null: none did. */
export const returned = signal<Problem | null>(null);

let moment: ReturnType<typeof setTimeout> | undefined;
let under: Promise<void> = Promise.resolve();

/** Sign off: what waited before is sent now, this one after a moment. */
export function post(parcel: Omit<Parcel, 'state'>): void {
  sendWaiting();
  returned.value = null;
  put([...outbox.value, { ...parcel, state: 'waiting' }]);
  for (const { reading_id } of parcel.posts) forget(reading_id);
  moment = setTimeout(sendWaiting, MOMENT);
}

/** Take the last one back, if it was not sent yet: its drafts are as they were. */
export function takeBack(): Parcel | null {
  const last = outbox.value.at(-1);
  if (last?.state !== 'waiting') return null;
  clearTimeout(moment);
  put(outbox.value.slice(0, -1));
  reopen(last.posts);
  return last;
}

/** Send what waits, now. */
export function sendWaiting(): void {
  clearTimeout(moment);
  for (const parcel of outbox.value.filter((one) => one.state === 'waiting')) {
    setState(parcel.posts, 'sending');
    under = under.then(() => deliver(parcel.posts));
  }
}

/** Call once: what a reload interrupted goes on, and nothing is left behind without a question. */
export function resumeOutbox(): void {
  put(kept().map((parcel) => ({ ...parcel, state: 'waiting' })));
  moment = setTimeout(sendWaiting, MOMENT);
  addEventListener('beforeunload', (event) => {
    sendWaiting();
    if (outbox.value.length > 0) event.preventDefault();
  });
}

async function deliver(posts: Post[]): Promise<void> {
  for (const one of posts) {
    try {
      await untilTaken(one, posts);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      returned.value = problem;
      reopen(posts.slice(posts.indexOf(one)));
      break;
    }
  }
  put(outbox.value.filter((parcel) => parcel.posts[0]?.key !== posts[0]?.key));
}

/** Try until the service has it. Throws the problem when it does not want it. */
async function untilTaken(one: Post, posts: Post[]): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await sendOnce(one);
      return;
    } catch (problem) {
      if (!(problem instanceof Problem) || !passes(problem)) throw problem;
      setState(posts, 'away');
      await pause(PAUSES[Math.min(tries, PAUSES.length - 1)] ?? 0);
    }
  }
}

async function sendOnce({ reading_id, review, since, key }: Post): Promise<void> {
  const { reviews } = await askJson<{ reviews: ReviewAnswer[] }>(`/api/readings/${reading_id}/reviews`);
  const newest = reviews[0];
  if (newest && newest.number > since && !isTheSame(newest, review))
    throw new Problem('overtaken', 409, `${newest.reviewer} reviewed this image meanwhile (${newest.reviewed_at}).`);
  await askJson(`/api/readings/${reading_id}/review`, {
    method: 'POST',
    body: review,
    headers: { 'Idempotency-Key': key },
  });
}

/** What was sent before the connection was lost came through after all. */
function isTheSame(newest: ReviewAnswer, review: Review): boolean {
  const said = ({ verdicts, missed, comment, signed_off }: Review) => ({ verdicts, missed, comment, signed_off });
  return JSON.stringify(said(newest)) === JSON.stringify(said(review));
}

/** It may go well later: nothing answered, the service said that it cannot now, or the reader must sign in again. */
function passes(problem: Problem): boolean {
  return problem.status === 0 || problem.status === 401 || problem.status === 429 || problem.status >= 500;
}

function reopen(posts: readonly Post[]): void {
  for (const { reading_id, review, since } of posts) restore(reading_id, draftOf(review), since);
}

function setState(posts: Post[], state: Parcel['state']): void {
  put(outbox.value.map((parcel) => (parcel.posts === posts ? { ...parcel, state } : parcel)));
}

function put(parcels: readonly Parcel[]): void {
  outbox.value = parcels;
  sessionStorage.setItem(key(), JSON.stringify(parcels.map((parcel) => ({ ...parcel, said: '' }))));
}

function kept(): Parcel[] {
  try {
    return (JSON.parse(sessionStorage.getItem(key()) ?? '[]') as Parcel[] | null) ?? [];
  } catch {
    return [];
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
