import { expect, test } from 'vitest';
import {
  addMissed,
  begin,
  changeMissed,
  draftOf,
  EMPTY,
  judge,
  judgeRest,
  presentBy,
  redo,
  remark,
  removeMissed,
  reviewOf,
  step,
  undo,
  unjudged,
  type Draft,
} from '../../source/review/draft';
import { finding, reading } from './readings';

const BOX = { x: 1, y: 2, width: 3, height: 4 };
const READING = reading([
  finding('Effusion', 0.5, 0.3),
  finding('Mass', 0.5, 0.3),
  finding('Nodule', 0.1, 0.3),
  finding('Abnormal', 0.9, 0.5),
]);

/** Each step, and what the draft then says: verdicts, missed findings, comment. */
const STEPS: [string, (draft: Draft) => Draft, string][] = [
  ['a verdict', (draft) => judge(draft, 'Effusion', 'accepted'), 'Effusion accepted||'],
  [
    'another verdict',
    (draft) => judge(judge(draft, 'Effusion', 'accepted'), 'Effusion', 'rejected'),
    'Effusion rejected||',
  ],
  [
    'the same again takes it back',
    (draft) => judge(judge(draft, 'Effusion', 'accepted'), 'Effusion', 'accepted'),
    '||',
  ],
  ['a place', (draft) => judge(draft, 'Effusion', 'corrected', BOX), 'Effusion corrected box||'],
  [
    'a new place',
    (draft) => judge(judge(draft, 'Effusion', 'corrected', BOX), 'Effusion', 'corrected', BOX),
    'Effusion corrected box||',
  ],
  [
    'the rest',
    (draft) => judgeRest(judge(draft, 'Mass', 'accepted'), ['Effusion', 'Mass'], 'rejected'),
    'Mass accepted,Effusion rejected||',
  ],
  ['a remark on nothing', (draft) => remark(draft, 'Effusion', 'left'), '||'],
  ['a missed one', (draft) => changeMissed(addMissed(draft, 'Nodule'), 0, { box: BOX }), '|Nodule box|'],
  ['none again', (draft) => removeMissed(addMissed(draft, 'Nodule'), 0), '||'],
];

test.each(STEPS)('%s', (_, change, words) => {
  expect(inWords(change(EMPTY))).toBe(words);
});

test('steps go back to the beginning and forth to the end', () => {
  const there = STEPS.reduce((history, [, change]) => step(history, change(history.now)), begin());
  const back = STEPS.reduce((history) => undo(history), there);
  expect(back.now).toEqual(EMPTY);
  expect(undo(back)).toEqual(back);
  expect(STEPS.reduce((history) => redo(history), back).now).toEqual(there.now);
});

test('what is written on in one field is one step, and a new step forgets what was undone', () => {
  const write = (history: ReturnType<typeof begin>, comment: string) =>
    step(history, { ...history.now, comment }, 'comment');
  const written = ['a', 'b', 'c'].reduce((history, letter) => write(history, history.now.comment + letter), begin());
  expect([written.now.comment, undo(written).now.comment]).toEqual(['abc', '']);
  expect(redo(step(undo(written), EMPTY)).now).toEqual(EMPTY);
});

test('what was sent becomes the same draft again', () => {
  const draft = changeMissed(addMissed(judge(EMPTY, 'Effusion', 'corrected', BOX), 'Nodule', BOX), 0, {
    comment: 'small',
  });
  expect(draftOf(reviewOf(draft, READING, 'reader-7', false))).toEqual(draft);
});

test.each([
  ['all rejected', judgeRest(EMPTY, ['Effusion', 'Mass'], 'rejected'), 'rejected', []],
  ['one accepted', judgeRest(judge(EMPTY, 'Mass', 'accepted'), ['Effusion'], 'rejected'), 'accepted', ['Mass']],
  ['one added', addMissed(judgeRest(EMPTY, ['Effusion', 'Mass'], 'rejected'), 'Nodule'), 'accepted', ['Nodule']],
  [
    'said otherwise',
    judge(judgeRest(EMPTY, ['Effusion', 'Mass'], 'rejected'), 'Abnormal', 'accepted'),
    'accepted',
    ['Abnormal'],
  ],
] as const)('%s: what sums up follows', (_, draft, verdict, present) => {
  const review = reviewOf(draft, READING, 'reader-7', true);
  expect(review.verdicts.find((one) => one.finding === 'Abnormal')?.verdict).toBe(verdict);
  expect(presentBy(draft, READING)).toEqual(present);
});

test('what is present must be judged, what is absent or sums up need not', () => {
  expect(unjudged(EMPTY, READING)).toEqual(['Effusion', 'Mass']);
  expect(unjudged(judge(EMPTY, 'Mass', 'rejected'), READING)).toEqual(['Effusion']);
});

function inWords({ verdicts, missed, comment }: Draft): string {
  const judged = Object.entries(verdicts).map(([name, { verdict, box }]) => `${name} ${verdict}${box ? ' box' : ''}`);
  return [judged.join(), missed.map((one) => one.finding + (one.box ? ' box' : '')).join(), comment].join('|');
}
