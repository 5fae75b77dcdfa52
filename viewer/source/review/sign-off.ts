/** What signing off a study means: a review of each of its images, or what stands in the way. */

import type { Reading, Review, ReviewAnswer } from '../service/types';
import { hanging, type Opened } from '../study/opened';
import { presentBy, reviewOf, unjudged, type Draft } from './draft';

/** One review to be sent. */
export interface Post {
  reading_id: number;
  review: Review;
  /** Number of the review that it goes on from. */
  since: number;
  /** The same key again is the same review. */
  key: string;
}

/** What must be done first, and on which image. */
export type Obstacle =
  | { why: 'name' | 'already'; instance: '' }
  | { why: 'reading' | 'comment' | 'decision'; instance: string }
  | { why: 'verdicts'; instance: string; findings: string[] };

export interface Plan {
  obstacle: Obstacle | null;
  posts: Post[];
  /** Names of what is there by what would be signed. */
  present: string[];
  /** Some image was read by the AI. */
  isRead: boolean;
}

/** What the drafts say of a reading. */
export interface Drafts {
  draftFor(readingId: number): Draft;
  isBegun(readingId: number): boolean;
  overtaken(readingId: number): ReviewAnswer | null;
  since(readingId: number): number;
}

/** `withoutAi`: what is written into the review of an image that the AI did not read. */
export function planOf(now: Opened, drafts: Drafts, reviewer: string | null, withoutAi: string): Plan {
  const found = hanging(now.study.instances).map((one) => now.readings.get(one.sop_instance_uid));
  const readings = found.filter((one): one is Reading => one !== undefined && one.state !== 'pending');
  const waiting = found.find((one) => one?.state === 'pending');
  const isRead = readings.some((one) => one.state === 'read');
  const open = readings.filter(
    (one) => drafts.isBegun(one.reading_id) || !now.reviews.get(one.reading_id)?.[0]?.signed_off,
  );
  const obstacles = open.map((one) => obstacleOf(one, drafts, isRead)).filter((one) => one !== null);
  return {
    obstacle:
      obstacles[0] ?? (waiting ? { why: 'reading', instance: waiting.sop_instance_uid } : lastObstacle(open, reviewer)),
    posts: open.map((one) => ({
      reading_id: one.reading_id,
      review: signed(one, drafts.draftFor(one.reading_id), reviewer, withoutAi),
      since: drafts.since(one.reading_id),
      key: crypto.randomUUID(),
    })),
    present: [...new Set(readings.flatMap((one) => presentBy(drafts.draftFor(one.reading_id), one)))],
    isRead,
  };
}

function obstacleOf(reading: Reading, drafts: Drafts, isRead: boolean): Obstacle | null {
  const instance = reading.sop_instance_uid;
  if (drafts.overtaken(reading.reading_id)) return { why: 'decision', instance };
  const draft = drafts.draftFor(reading.reading_id);
  if (reading.state !== 'read') {
    const saysSomething = draft.comment.trim() !== '' || draft.missed.length > 0;
    return saysSomething || (isRead && isSecondView(reading)) ? null : { why: 'comment', instance };
  }
  const findings = unjudged(draft, reading);
  return findings.length > 0 ? { why: 'verdicts', instance, findings } : null;
}

/** A lateral view beside the frontal one that was read: it needs no words of its own. */
function isSecondView(reading: Reading): boolean {
  return reading.refusal?.code === 'not-frontal';
}

function lastObstacle(open: Reading[], reviewer: string | null): Obstacle | null {
  if (open.length === 0) return { why: 'already', instance: '' };
  return reviewer === '' ? { why: 'name', instance: '' } : null;
}

function signed(reading: Reading, draft: Draft, reviewer: string | null, withoutAi: string): Review {
  const review = reviewOf(draft, reading, reviewer, true);
  if (reading.state === 'read' || review.comment.startsWith(withoutAi)) return review;
  return { ...review, comment: [withoutAi, review.comment].filter(Boolean).join(' ') };
}
