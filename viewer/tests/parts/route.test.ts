import { expect, test } from 'vitest';
import { addressOf, read, type Route } from '../../source/parts/route';

const ROUTES: [string, Route][] = [
  ['#/?state=failed', { page: 'worklist', asked: 'state=failed' }],
  ['#/study/1.2.3', { page: 'study', study: '1.2.3', patient: 1 }],
  ['#/study/1.2.3?patient=2', { page: 'study', study: '1.2.3', patient: 2 }],
  ['#/administration/keys', { page: 'administration', part: 'keys' }],
  ['#/welcome?token=a%2Fb', { page: 'welcome', token: 'a/b' }],
];

test.each(ROUTES)('%s leads there and back', (hash, route) => {
  expect(read(hash)).toEqual(route);
  expect(addressOf(route)).toBe(hash);
});

test.each(['', '#', '#/nowhere', '#/study/<script>', '#/administration/other'])('%s leads to the worklist', (hash) => {
  expect(read(hash).page).toBe('worklist');
});

test.each(['0', '-1', 'x'])('patient %s is the first one', (patient) => {
  expect(read(`#/study/1.2?patient=${patient}`)).toMatchObject({ patient: 1 });
});
