import { expect, test } from 'vitest';
import { EMPTY, judge, type Draft } from '../../source/review/draft';
import { planOf, type Drafts } from '../../source/review/sign-off';
import type { Pending, Reading, ReviewAnswer, StudyWithCompletions } from '../../source/service/types';
import type { Opened } from '../../source/study/opened';
import { finding, reading } from './readings';

const NORMAL = reading([finding('Mass', 0.1, 0.3)]);
const FOUND = reading([finding('Mass', 0.5, 0.3)]);
const LATERAL = reading([], {
  reading_id: 8,
  sop_instance_uid: '1.2.3.2',
  state: 'refused',
  refusal: { code: 'not-frontal', reason: '' },
});
const PENDING: Pending = { sop_instance_uid: '1.2.3.2', state: 'pending' };
const SIGNED: ReviewAnswer = {
  reading_id: 7,
  reader: 'stub 1',
  number: 1,
  reviewer: 'reader-8',
  reviewed_at: '2026-01-01T00:00:00Z',
  signed_off: true,
  verdicts: [],
  missed: [],
  comment: '',
};

test.each([
  ['a normal study', [NORMAL], {}, null, 1],
  ['a finding that nobody judged', [FOUND], {}, 'verdicts', 1],
  ['a finding that is judged', [FOUND], { 7: judge(EMPTY, 'Mass', 'rejected') }, null, 1],
  ['a lateral view beside the frontal one', [NORMAL, LATERAL], {}, null, 2],
  ['a lateral view alone', [LATERAL], {}, 'comment', 1],
  ['a lateral view alone, read by a person', [LATERAL], { 8: { ...EMPTY, comment: 'clear' } }, null, 1],
  ['an image that is being read', [NORMAL, PENDING], {}, 'reading', 1],
] as [string, (Reading | Pending)[], Record<number, Draft>, string | null, number][])(
  '%s',
  (_, readings, drafts, why, posts) => {
    const plan = planOf(study(readings), having(drafts), 'reader-7', 'No AI.');
    expect([plan.obstacle?.why ?? null, plan.posts.length]).toEqual([why, posts]);
  },
);

test('nobody signs without a name, or twice', () => {
  expect(planOf(study([NORMAL]), having({}), '', '').obstacle?.why).toBe('name');
  const signed = study([NORMAL], new Map([[7, [SIGNED]]]));
  expect(planOf(signed, having({}), 'reader-7', '').obstacle?.why).toBe('already');
  expect(planOf(signed, having({ 7: { ...EMPTY, comment: 'more' } }), 'reader-7', '').obstacle).toBeNull();
});

test('a review that came meanwhile is decided on first', () => {
  const drafts = { ...having({ 7: EMPTY }), overtaken: () => SIGNED };
  expect(planOf(study([NORMAL]), drafts, 'reader-7', '').obstacle?.why).toBe('decision');
});

test('what the AI did not read says so once', () => {
  const comment = (draft: Draft) =>
    planOf(study([LATERAL]), having({ 8: draft }), 'reader-7', 'No AI.').posts[0]?.review.comment;
  expect(comment({ ...EMPTY, comment: 'clear' })).toBe('No AI. clear');
  expect(comment({ ...EMPTY, comment: 'No AI. clear' })).toBe('No AI. clear');
});

function having(drafts: Record<number, Draft>): Drafts {
  return {
    draftFor: (id) => drafts[id] ?? EMPTY,
    isBegun: (id) => id in drafts,
    overtaken: () => null,
    since: () => 0,
  };
}

function study(readings: (Reading | Pending)[], reviews: Opened['reviews'] = new Map()): Opened {
  const instances = readings.map((one) => ({ sop_instance_uid: one.sop_instance_uid, view: 'PA' }));
  return {
    study: { instances } as unknown as StudyWithCompletions,
    patient: 1,
    readings: new Map(readings.map((one) => [one.sop_instance_uid, one])),
    reviews,
  };
}
