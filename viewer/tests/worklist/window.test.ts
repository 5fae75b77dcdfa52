import { expect, test } from 'vitest';
import { ROW_HEIGHT, scrollTo, visible } from '../../source/worklist/window';

const PAGE = 10 * ROW_HEIGHT;

test.each([
  ['at the top', 0, 10_000, { from: 0, to: 18 }],
  ['in the middle', 5000 * ROW_HEIGHT, 10_000, { from: 4992, to: 5018 }],
  ['at the end', 9990 * ROW_HEIGHT, 10_000, { from: 9982, to: 10_000 }],
  ['few', 0, 3, { from: 0, to: 3 }],
  ['none', 0, 0, { from: 0, to: 0 }],
  ['beyond what is left', 500 * ROW_HEIGHT, 3, { from: 3, to: 3 }],
])('rows that are drawn: %s', (_, scrolled, count, span) => {
  expect(visible(scrolled, PAGE, count)).toEqual(span);
});

test.each([
  ['in sight', 5, 0, null],
  ['above', 2, 5 * ROW_HEIGHT, 2 * ROW_HEIGHT],
  ['below', 12, 0, 3 * ROW_HEIGHT],
  ['half above', 5, 5.5 * ROW_HEIGHT, 5 * ROW_HEIGHT],
])('a row that is %s', (_, place, scrolled, to) => {
  expect(scrollTo(place, scrolled, PAGE)).toBe(to);
});
