import { expect, test } from 'vitest';
import { grouped, onBar, toJudge } from '../../source/review/order';
import { finding } from './readings';

const FINDINGS = [
  finding('Abnormal', 0.9, 0.1), // sums up: last of the present ones although furthest over
  finding('Effusion', 0.3, 0.2), // odds 1.7 times those of its threshold
  finding('Pneumonia', 0.2, 0.03), // 8 times
  finding('Pneumothorax', 0.05, 0.04), // urgent, whatever its odds
  finding('Mass', 0.03, 0.05), // 0.59 times: near
  finding('Nodule', 0.01, 0.05), // 0.19 times: absent
  finding('Hernia', 0.9, 0.1, { experimental: true }),
];

test.each([
  ['urgent', ['Pneumothorax']],
  ['present', ['Pneumonia', 'Effusion', 'Abnormal']],
  ['near', ['Mass']],
  ['absent', ['Nodule']],
  ['experimental', ['Hernia']],
] as const)('%s findings', (group, names) => {
  expect(grouped(FINDINGS, ['Pneumothorax'])[group].map((one) => one.name)).toEqual(names);
});

test('what is experimental or sums others up need not be judged', () => {
  expect(toJudge(FINDINGS).map((one) => one.name)).toEqual(['Pneumonia', 'Effusion', 'Pneumothorax']);
});

test.each([
  [0, 0],
  [0.001, 0], // 1 : 999
  [0.5, 0.5],
  [0.999, 1],
  [1, 1],
])('probability %d stands at %d of the bar', (probability, place) => {
  expect(onBar(probability)).toBeCloseTo(place, 6);
});
