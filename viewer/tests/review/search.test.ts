import { expect, test } from 'vitest';
import { matching } from '../../source/review/search';

const NAMES = { Effusion: 'Tràn dịch màng phổi', Consolidation: 'Đông đặc phổi', Pneumonia: 'Viêm phổi' };
const named = (name: string) => NAMES[name as keyof typeof NAMES];

test.each([
  ['', ['Effusion', 'Consolidation', 'Pneumonia']],
  ['tran dich', ['Effusion']],
  ['ĐÔNG', ['Consolidation']],
  ['dong', ['Consolidation']],
  ['pneu', ['Pneumonia']], // by the name in results, too
  ['on', ['Effusion', 'Consolidation', 'Pneumonia']],
  ['vi', ['Pneumonia']],
  ['scoliosis', []],
])('"%s"', (typed, found) => {
  expect(matching(Object.keys(NAMES), typed, named)).toEqual(found);
});
