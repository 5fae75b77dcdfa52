import { expect, test } from 'vitest';
import type { ProblemKind } from '../../source/service/client';
import type { Sent } from '../../source/service/types';
import { receiptsByPart, tally } from '../../source/upload/receipts';

const sent = (part: number, receipt: Sent['receipt'], more: Partial<Sent> = {}): Sent => ({
  part,
  entry: null,
  receipt,
  sop_instance_uid: null,
  location: null,
  reading: null,
  problem: null,
  ...more,
});
const problem = (kind: Exclude<ProblemKind, 'away' | 'overtaken'>) =>
  ({ type: `urn:hilum:problem:${kind}`, title: '', status: 400, detail: kind }) as const;

test('each file has its answers; a ZIP one for each file in it', () => {
  const found = receiptsByPart([
    sent(0, 'received'),
    sent(1, 'duplicate', { entry: 0 }),
    sent(1, 'conflict', { entry: 1, problem: problem('conflict') }),
  ]);
  expect(found.get(0)?.map((one) => one.fate)).toEqual(['received']);
  expect(found.get(1)?.map((one) => [one.entry, one.fate, one.why?.kind])).toEqual([
    [0, 'duplicate', undefined],
    [1, 'conflict', 'conflict'],
  ]);
});

test.each([
  ['unsupported-media', 'rejected'],
  ['not-stored', 'rejected'],
  ['busy', 'unsent'],
  ['storage-full', 'unsent'],
] as const)('refused because of %s: %s', (kind, fate) => {
  expect(receiptsByPart([sent(0, 'rejected', { problem: problem(kind) })]).get(0)?.[0]?.fate).toBe(fate);
});

test('how many of each', () => {
  const receipt = (fate: 'received' | 'rejected') => ({ fate, entry: null, why: null });
  expect([...tally([receipt('received'), receipt('rejected'), receipt('received')])]).toEqual([
    ['received', 2],
    ['rejected', 1],
  ]);
});
