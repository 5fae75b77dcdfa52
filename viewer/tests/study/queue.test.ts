import { expect, test } from 'vitest';
import { nextUnread, previous, unreadCount, type Queued } from '../../source/study/queue';

const order: Queued[] = [
  { study: '1', patient: 1, unread: true },
  { study: '2', patient: 1, unread: false },
  { study: '2', patient: 2, unread: true },
  { study: '3', patient: 1, unread: false },
];
const at = (study: string, patient = 1) => ({ study, patient });

test.each([
  ['the next one below', at('1'), '2', 2],
  ['from the top when none is below', at('3'), '1', 1],
  ['the first one when the open study is not in the list', at('9'), '1', 1],
])('%s', (_, from, study, patient) => {
  expect(nextUnread(from, order)).toMatchObject({ study, patient });
});

test('none but the open one waits', () => {
  expect(nextUnread(at('1'), order.slice(0, 2))).toBeNull();
});

test('the one above, read or not', () => {
  expect(previous(at('3'), order)).toMatchObject({ study: '2', patient: 2 });
  expect(previous(at('1'), order)).toBeNull();
  expect(previous(at('9'), order)).toBeNull();
});

test('how many wait', () => {
  expect(unreadCount(order)).toBe(2);
});
