/** What a report is written from: the study as it is reviewed now, nothing of the raw AI beside it. */

import { changes, type Change } from '../review/change';
import type { Draft } from '../review/draft';
import { SUMMARY } from '../review/order';
import type { CardiothoracicRatio, Finding, Reading, ReviewAnswer } from '../service/types';

export interface Told {
  name: string;
  isPresent: boolean;
  side: Finding['side'];
  zone: Finding['zone'];
  /** The place may be wrong. */
  isPlaceUncertain: boolean;
  /** Nobody judged it yet. */
  isUnverified: boolean;
  change: Change | undefined;
}

export interface Facts {
  /** Views of all images, in hanging order. */
  views: readonly string[];
  /** Views of those that the AI did not read. */
  unread: readonly string[];
  /** Findings that were looked for, and those that were added. */
  told: readonly Told[];
  ratio: CardiothoracicRatio | null;
  /** DICOM DA of the prior that is compared with; null: none. */
  before: string | null;
  comments: readonly string[];
  reader: string;
  signed: { who: string; when: string } | null;
}

/** One image with what is said of it. */
export interface Reviewed {
  reading: Reading;
  view: string;
  draft: Draft;
  /** The newest review; it counts only if nothing was changed since. */
  newest: ReviewAnswer | null;
  isBegun: boolean;
}

export function factsOf(images: readonly Reviewed[], before: { date: string; reading: Reading | null } | null): Facts {
  const read = images.filter(({ reading }) => reading.state === 'read');
  const signed = images.map(({ newest, isBegun }) => (newest?.signed_off && !isBegun ? newest : null));
  const last = signed.every((one) => one !== null) ? signed.at(-1) : undefined;
  return {
    views: images.map(({ view }) => view),
    unread: images.filter(({ reading }) => reading.state !== 'read').map(({ view }) => view),
    told: united(images.flatMap((image) => toldOf(image, before?.reading ?? null, last !== undefined))),
    ratio: read.map(({ reading }) => reading.cardiothoracic_ratio).find((ratio) => ratio) ?? null,
    before: before?.date ?? null,
    comments: images.flatMap(commentsOf),
    reader: images[0]?.reading.reader ?? '',
    signed: last ? { who: last.reviewer, when: last.reviewed_at } : null,
  };
}

function toldOf({ reading, draft }: Reviewed, before: Reading | null, isSigned: boolean): Told[] {
  const since = changes(reading, before);
  const looked = reading.findings.filter(
    ({ name, experimental }) => name !== SUMMARY && (!experimental || name in draft.verdicts),
  );
  const known = looked.map((finding) => judged(finding, draft, isSigned, since?.get(finding.name)));
  const added = draft.missed.map(({ finding }) => ({ ...nowhere(finding), change: since?.get(finding) }));
  return [...known, ...added];
}

function judged(finding: Finding, draft: Draft, isSigned: boolean, change: Change | undefined): Told {
  const { name, present, side, zone, location_certain } = finding;
  const verdict = draft.verdicts[name]?.verdict;
  if (verdict === 'corrected') return { ...nowhere(name), change };
  const isPresent = present && verdict !== 'rejected';
  return {
    name,
    isPresent,
    side,
    zone,
    isPlaceUncertain: !location_certain,
    isUnverified: isPresent && verdict === undefined && !isSigned,
    change,
  };
}

/** Present by the reviewer's word; where it is, the box says and no word. */
function nowhere(name: string): Omit<Told, 'change'> {
  return { name, isPresent: true, side: null, zone: null, isPlaceUncertain: false, isUnverified: false };
}

/** Of a finding that several images or a reviewer tell of, the present one. */
function united(told: Told[]): Told[] {
  const byName = new Map<string, Told>();
  for (const one of told) if (!byName.get(one.name)?.isPresent || one.isPresent) byName.set(one.name, one);
  return [...byName.values()];
}

function commentsOf({ draft }: Reviewed): string[] {
  const remarks = [...Object.values(draft.verdicts), ...draft.missed].map((one) => one.comment);
  return [...remarks, draft.comment].map((text) => text.trim()).filter(Boolean);
}
