import { expect, test } from 'vitest';
import type { Study } from '../../source/service/types';
import { arrived, extended, keyBeside, rowOf, standingOf, updated } from '../../source/worklist/rows';

const study = (uid: string, more: Partial<Study> = {}): Study => ({
  study_instance_uid: uid,
  patient: { name: 'Mẫu', patient_id: '1', birth_date: '', sex: '' },
  accession_number: '',
  study_date: '',
  study_description: '',
  received_at: '2026-01-01T00:00:00.000Z',
  last_received_at: '2026-01-01T00:00:00.000Z',
  state: 'pending',
  urgency: 0,
  findings: [],
  modalities: [],
  reviewed: false,
  complete: false,
  flags: [],
  instances: [],
  ...more,
});
const rows = (...uids: string[]) => uids.map((uid) => rowOf(study(uid)));
const uids = (of: readonly { study: Study }[]) => of.map((row) => row.study.study_instance_uid);

test.each([
  [{ state: 'pending' }, 'pending'],
  [{ state: 'read' }, 'read'],
  [{ state: 'read', reviewed: true }, 'reviewed'],
  [{ state: 'refused', reviewed: true }, 'reviewed'],
  [{ state: 'failed', reviewed: true }, 'failed'],
  [{ state: 'pending', reviewed: true }, 'pending'],
] as const)('what a study is to a radiologist: %o', (of, standing) => {
  expect(standingOf(study('1', of))).toBe(standing);
});

test('what changed is changed where it stands, and what did not is the same object', () => {
  const before = rows('1', '2', '3');
  const after = updated(before, [rowOf(study('2', { state: 'read' })), rowOf(study('9'))]);
  expect(uids(after)).toEqual(['1', '2', '3']);
  expect(after[1]?.study.state).toBe('read');
  expect(after[0]).toBe(before[0]);
  expect(updated(before, rows('1', '2'))).toBe(before);
});

test('what is new is what is not shown', () => {
  expect(uids(arrived(rows('1', '2'), rows('9', '1', '8', '2')))).toEqual(['9', '8']);
});

test('two patients under one UID are two rows', () => {
  const before = [rowOf(study('1'), 1)];
  expect(arrived(before, [rowOf(study('1'), 2)])).toHaveLength(1);
});

test('a study that moved between two pages is not there twice', () => {
  expect(uids(extended(rows('1', '2'), rows('2', '3')))).toEqual(['1', '2', '3']);
});

test.each([
  ['', 1, '1'],
  ['1', 1, '2'],
  ['3', 1, '3'],
  ['1', -1, '1'],
  ['2', Infinity, '3'],
  ['2', -Infinity, '1'],
])('from row %s by %d', (from, step, to) => {
  expect(keyBeside(rows('1', '2', '3'), from && `${from}/1`, step)).toBe(`${to}/1`);
});

test('an empty list has no row', () => {
  expect(keyBeside([], '', 1)).toBe('');
});
