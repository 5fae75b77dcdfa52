import { expect, test } from 'vitest';
import { BATCH_BYTES, BATCH_FILES, batches } from '../../source/upload/batches';

const files = (...sizes: number[]) => sizes.map((size) => ({ file: { size } }));
const shape = (of: { file: { size: number } }[][]) => of.map((batch) => batch.length);

test.each([
  ['none', files(), []],
  ['few', files(1, 2, 3), [3]],
  ['one larger than a request goes alone', files(1, BATCH_BYTES * 3, 1), [1, 1, 1]],
  ['exactly full', files(BATCH_BYTES - 1, 1, 1), [2, 1]],
  ['empty files count', files(...Array<number>(BATCH_FILES + 1).fill(0)), [BATCH_FILES, 1]],
])('%s', (_, all, sizes) => {
  expect(shape(batches(all))).toEqual(sizes);
});

test('no file is lost, and the order stays', () => {
  const all = files(...Array.from({ length: 1000 }, (_, number) => (number * 7919) % (BATCH_BYTES / 4)));
  expect(batches(all).flat()).toEqual(all);
});
