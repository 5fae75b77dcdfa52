/** What became of each file that was sent. */

import { problemFrom, type Problem, type ProblemKind } from '../service/client';
import type { Sent } from '../service/types';

/** `waiting`, `sending`: not answered yet; `stopped`: somebody stopped it; `unsent`: the request failed. */
export type Fate =
  'waiting' | 'sending' | 'received' | 'duplicate' | 'conflict' | 'own-result' | 'rejected' | 'stopped' | 'unsent';

export const FATES: readonly Fate[] = [
  'sending',
  'waiting',
  'received',
  'duplicate',
  'own-result',
  'conflict',
  'rejected',
  'unsent',
  'stopped',
];

/** What a person must look at. */
export const TROUBLES: ReadonlySet<Fate> = new Set(['conflict', 'rejected', 'unsent', 'stopped']);
/** What can be sent again with another outcome. */
export const AGAIN: ReadonlySet<Fate> = new Set(['unsent', 'stopped']);

/** One answer; a ZIP has one for each file in it. */
export interface Receipt {
  fate: Fate;
  /** Number in its ZIP, from 0; null: it was sent by itself. */
  entry: number | null;
  why: Problem | null;
}

/** By the file's number in the request: its answers in the order of its entries. */
export function receiptsByPart(answers: readonly Sent[]): Map<number, Receipt[]> {
  const byPart = new Map<number, Receipt[]>();
  for (const { part, entry, receipt, problem } of answers) {
    const why = problem && problemFrom(problem);
    const fate = why && PASSES.has(why.kind) ? 'unsent' : receipt;
    byPart.set(part, [...(byPart.get(part) ?? []), { fate, entry, why }]);
  }
  return byPart;
}

/** Problems of the service, not of the file: it can be sent again. */
const PASSES: ReadonlySet<ProblemKind> = new Set(['busy', 'storage-full', 'failed']);

/** Of a request that failed altogether, for each of its files. */
export function failedReceipts(problem: Problem): Receipt[] {
  return [{ fate: 'unsent', entry: null, why: problem }];
}

/** How many there are of each; files that have no answer yet count by their state. */
export function tally(receipts: readonly Receipt[]): ReadonlyMap<Fate, number> {
  const counts = new Map<Fate, number>();
  for (const { fate } of receipts) counts.set(fate, (counts.get(fate) ?? 0) + 1);
  return counts;
}
