/** The rows of the worklist, and how what happens changes them. */

import type { Study } from '../service/types';

/** One patient's study: two patients may bear one Study Instance UID, each has a row. */
export interface Row {
  key: string;
  study: Study;
  /** Its number among the patients under this UID, from 1. */
  patient: number;
}

export function rowOf(study: Study, patient = 1): Row {
  return { key: keyOf(study.study_instance_uid, patient), study, patient };
}

export function keyOf(uid: string, patient: number): string {
  return `${uid}/${patient}`;
}

/** What it is to a radiologist: signed off where nothing is wrong with it, else its state. */
export type Standing = Study['state'] | 'reviewed';

export function standingOf({ state, reviewed }: Study): Standing {
  return reviewed && (state === 'read' || state === 'refused') ? 'reviewed' : state;
}

/** STAT: it cannot wait. */
export function isStat(study: Study): boolean {
  return study.urgency === 4;
}

/** The same rows in the same order, with what is now known of them. What did not change is the same object. */
export function updated(rows: readonly Row[], fresh: readonly Row[]): readonly Row[] {
  const known = new Map(fresh.map((row) => [row.key, row]));
  const next = rows.map((row) => {
    const now = known.get(row.key);
    return now && JSON.stringify(now.study) !== JSON.stringify(row.study) ? now : row;
  });
  return next.some((row, place) => row !== rows[place]) ? next : rows;
}

/** Of a fresh first page: the rows that are not shown yet. */
export function arrived(rows: readonly Row[], fresh: readonly Row[]): readonly Row[] {
  const shown = new Set(rows.map((row) => row.key));
  return fresh.filter((row) => !shown.has(row.key));
}

/** A further page behind the rows; one that moved meanwhile is not there twice. */
export function extended(rows: readonly Row[], page: readonly Row[]): readonly Row[] {
  const shown = new Set(rows.map((row) => row.key));
  return [...rows, ...page.filter((row) => !shown.has(row.key))];
}

/** The row so many places from one; at an end it stays there. With none chosen: the first. */
export function keyBeside(rows: readonly Row[], key: string, step: number): string {
  const here = rows.findIndex((row) => row.key === key);
  const there = here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1);
  return rows[there]?.key ?? '';
}
