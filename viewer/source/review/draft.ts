/** What the radiologist says of one reading, before it is sent: a value, and the steps that led to it. */

import type { Box, Missed, Reading, Review, ReviewAnswer } from '../service/types';
import { SUMMARY, toJudge } from './order';

export interface Judged {
  verdict: 'accepted' | 'rejected' | 'corrected';
  box: Box | null;
  comment: string;
}

export interface Draft {
  /** By finding's name. */
  verdicts: Readonly<Record<string, Judged>>;
  missed: readonly Missed[];
  comment: string;
}

export const EMPTY: Draft = { verdicts: {}, missed: [], comment: '' };

/** Steps back and forth. `text` names the text that the last step wrote into: writing on in it is the same step. */
export interface History {
  past: readonly Draft[];
  now: Draft;
  future: readonly Draft[];
  text: string;
}

export function begin(now: Draft = EMPTY): History {
  return { past: [], now, future: [], text: '' };
}

/** The next step. */
export function step(history: History, next: Draft, text = ''): History {
  const goesOn = text !== '' && text === history.text;
  return { past: goesOn ? history.past : [...history.past, history.now], now: next, future: [], text };
}

export function undo(history: History): History {
  const { past, now, future } = history;
  const before = past.at(-1);
  return before ? { past: past.slice(0, -1), now: before, future: [now, ...future], text: '' } : history;
}

export function redo(history: History): History {
  const [next, ...future] = history.future;
  return next ? { past: [...history.past, history.now], now: next, future, text: '' } : history;
}

/** The verdict on a finding; the same again takes it back. A verdict keeps the comment of the one before. */
export function judge(draft: Draft, finding: string, verdict: Judged['verdict'], box: Box | null = null): Draft {
  const before = draft.verdicts[finding];
  if (before?.verdict === verdict && !box) return { ...draft, verdicts: without(draft.verdicts, finding) };
  const judged = { verdict, box, comment: before?.comment ?? '' };
  return { ...draft, verdicts: { ...draft.verdicts, [finding]: judged } };
}

/** The same verdict on all of these that have none. */
export function judgeRest(draft: Draft, findings: readonly string[], verdict: 'accepted' | 'rejected'): Draft {
  const open = findings.filter((finding) => !(finding in draft.verdicts));
  const judged = Object.fromEntries(open.map((finding) => [finding, { verdict, box: null, comment: '' }]));
  return { ...draft, verdicts: { ...draft.verdicts, ...judged } };
}

export function remark(draft: Draft, finding: string, comment: string): Draft {
  const judged = draft.verdicts[finding];
  return judged ? { ...draft, verdicts: { ...draft.verdicts, [finding]: { ...judged, comment } } } : draft;
}

export function addMissed(draft: Draft, finding: string, box: Box | null = null): Draft {
  return { ...draft, missed: [...draft.missed, { finding, box, comment: '' }] };
}

export function changeMissed(draft: Draft, place: number, change: Partial<Missed>): Draft {
  return { ...draft, missed: draft.missed.map((one, at) => (at === place ? { ...one, ...change } : one)) };
}

export function removeMissed(draft: Draft, place: number): Draft {
  return { ...draft, missed: draft.missed.filter((_, at) => at !== place) };
}

/** As it was sent, to be changed further. */
export function draftOf(review: Review): Draft {
  const verdicts = review.verdicts.map(({ finding, verdict, box, comment }) => [
    finding,
    { verdict, box: box ?? null, comment },
  ]);
  return {
    verdicts: Object.fromEntries(verdicts) as Draft['verdicts'],
    missed: review.missed,
    comment: review.comment,
  };
}

/** What is sent. Signed off, "abnormal" follows from the rest where nobody said anything of it. */
export function reviewOf(draft: Draft, reading: Reading, reviewer: string | null, signedOff: boolean): Review {
  const verdicts = Object.entries(signedOff ? withSummary(draft, reading) : draft.verdicts);
  return {
    reviewer,
    verdicts: verdicts.map(([finding, judged]) => ({ finding, ...judged })),
    missed: [...draft.missed],
    comment: draft.comment,
    signed_off: signedOff,
  };
}

/** Present findings on which nothing is said yet. */
export function unjudged(draft: Draft, reading: Reading): string[] {
  const names = toJudge(reading.findings).map((finding) => finding.name);
  return names.filter((name) => !(name in draft.verdicts));
}

/** Names of what is there by the draft: what was accepted, corrected or added. */
export function presentBy(draft: Draft, reading: Reading): string[] {
  const kept = reading.findings.filter(({ name, present }) => {
    const verdict = draft.verdicts[name]?.verdict;
    return verdict === 'corrected' || (verdict === 'accepted' && present);
  });
  return [...new Set([...kept.map((finding) => finding.name), ...draft.missed.map((one) => one.finding)])];
}

export function isEmpty(draft: Draft): boolean {
  return Object.keys(draft.verdicts).length === 0 && draft.missed.length === 0 && draft.comment === '';
}

/** What the draft begins with: the review that counts, or nothing. */
export function startingFrom(reviews: readonly ReviewAnswer[]): Draft {
  const newest = reviews[0];
  return newest ? draftOf(newest) : EMPTY;
}

function withSummary(draft: Draft, reading: Reading): Draft['verdicts'] {
  const summary = reading.findings.find((finding) => finding.name === SUMMARY);
  if (!summary?.present || SUMMARY in draft.verdicts) return draft.verdicts;
  const verdict = presentBy(draft, reading).length > 0 ? 'accepted' : 'rejected';
  return { ...draft.verdicts, [SUMMARY]: { verdict, box: null, comment: '' } };
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
