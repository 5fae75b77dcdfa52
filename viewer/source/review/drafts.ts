/** The drafts of the images that are open, kept in this tab against a reload, by reading_id: no patient data. */

import { computed, signal } from '@preact/signals';
import { signedInAs } from '../parts/reviewer';
import type { ReviewAnswer } from '../service/types';
import { chosenReading, opened } from '../study/opened';
import { begin, redo, startingFrom, step, undo, type Draft, type History } from './draft';

interface Kept {
  history: History;
  /** Number of the review that counted when it was begun; 0: none. */
  since: number;
}

/** Each who signs in has drafts of their own. */
const key = (id: number) => `hilum.draft.${signedInAs.value}.${id}`;
const drafts = signal<ReadonlyMap<number, Kept>>(new Map());

/** The history of the chosen image's draft. */
export const chosenHistory = computed<History>(() => historyOf(chosenReading.value?.reading_id ?? 0));
export const chosenDraft = computed<Draft>(() => chosenHistory.value.now);

export function draftFor(readingId: number): Draft {
  return historyOf(readingId).now;
}

/** Something was changed that is not sent. */
export function isBegun(readingId: number): boolean {
  return keptOf(readingId) !== undefined;
}

/** Somebody reviewed since this draft was begun: what they said, the newest. */
export function overtaken(readingId: number): ReviewAnswer | null {
  const kept = keptOf(readingId);
  const newest = reviewsOf(readingId)[0];
  return kept && newest && newest.number > kept.since ? newest : null;
}

/** The number of the review that the draft goes on from. */
export function since(readingId: number): number {
  return keptOf(readingId)?.since ?? reviewsOf(readingId)[0]?.number ?? 0;
}

/** Go on with one's own although somebody reviewed meanwhile. */
export function keepMine(readingId: number): void {
  const kept = keptOf(readingId);
  if (kept) keep(readingId, { ...kept, since: reviewsOf(readingId)[0]?.number ?? 0 });
}

/** Change the draft of the chosen image. */
export function change(next: (draft: Draft) => Draft, text = ''): void {
  const id = chosenReading.value?.reading_id;
  if (id !== undefined) write(id, (history) => step(history, next(history.now), text));
}

export function undoLast(): void {
  const id = chosenReading.value?.reading_id;
  if (id !== undefined) write(id, undo);
}

export function redoLast(): void {
  const id = chosenReading.value?.reading_id;
  if (id !== undefined) write(id, redo);
}

/** Put back what could not be sent. */
export function restore(readingId: number, draft: Draft, number: number): void {
  keep(readingId, { history: begin(draft), since: number });
}

/** It is sent, or given up. */
export function forget(readingId: number): void {
  sessionStorage.removeItem(key(readingId)); // first: who follows the drafts looks there, too
  const left = new Map(drafts.value);
  left.delete(readingId);
  drafts.value = left;
}

function write(id: number, how: (history: History) => History): void {
  keep(id, { history: how(historyOf(id)), since: since(id) });
}

function keep(id: number, kept: Kept): void {
  drafts.value = new Map(drafts.value).set(id, kept);
  sessionStorage.setItem(key(id), JSON.stringify({ now: kept.history.now, since: kept.since }));
}

function historyOf(id: number): History {
  return keptOf(id)?.history ?? begin(startingFrom(reviewsOf(id)));
}

function keptOf(id: number): Kept | undefined {
  return drafts.value.get(id) ?? fromStorage(id);
}

function reviewsOf(id: number): readonly ReviewAnswer[] {
  return opened.value?.reviews.get(id) ?? [];
}

function fromStorage(id: number): Kept | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key(id)) ?? 'null') as { now: Draft; since: number } | null;
    return kept ? { history: begin(kept.now), since: kept.since } : undefined;
  } catch {
    return undefined;
  }
}
