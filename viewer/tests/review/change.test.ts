import { expect, test } from 'vitest';
import { changeOf, changes } from '../../source/review/change';
import { finding, reading } from './readings';

test.each([
  [0.5, 0.1, 'new'],
  [0.1, 0.5, 'gone'],
  [0.31, 0.29, 'new'], // it crossed the threshold, however little
  [0.8, 0.55, 'higher'],
  [0.55, 0.8, 'lower'],
  [0.5, 0.35, 'same'], // 0.15 apart: less than readings of the same chest may differ
  [0.05, 0.25, 'same'], // 0.20 apart, both absent
] as const)('now %d, before %d: %s', (now, before, change) => {
  expect(changeOf(finding('Effusion', now, 0.3), finding('Effusion', before, 0.3))).toBe(change);
});

const NOW = reading([finding('Effusion', 0.5, 0.3), finding('Mass', 0.5, 0.3)]);

test.each([
  ['no prior', null],
  ['another reader version', reading([finding('Effusion', 0.1, 0.3)], { reader: 'stub 2' })],
  ['a prior that was refused', reading([], { state: 'refused' })],
])('%s: nothing is compared', (_, before) => {
  expect(changes(NOW, before)).toBeNull();
});

test('a finding that the prior does not have is not compared', () => {
  const since = changes(NOW, reading([finding('Effusion', 0.1, 0.3)]));
  expect(since && [...since]).toEqual([['Effusion', 'new']]);
});
