import { expect, test } from 'vitest';
import { sentOf, share, size } from '../../source/upload/progress';

test.each([
  ['nothing under way', 100, 0, 0, 0, 100],
  ['half of a request', 100, 50, 30, 60, 125],
  ['the form around the files is not counted', 0, 50, 66, 66, 50],
  ['more than all is all', 0, 50, 70, 66, 50],
])('%s', (_, answered, underWay, loaded, total, sent) => {
  expect(sentOf(answered, underWay, loaded, total)).toBe(sent);
});

test.each([
  [0, 100, 0],
  [50, 100, 0.5],
  [100, 100, 1],
  [0, 0, 1],
])('%d of %d', (sent, bytes, part) => {
  expect(share({ sent, bytes })).toBe(part);
});

test.each([
  [0, 'en', '0 byte'],
  [999, 'en', '999 byte'],
  [3_400_000, 'en', '3.4 MB'],
  [48_000_000, 'fr', '48 Mo'],
])('%d bytes in %s', (bytes, language, said) => {
  expect(size(bytes, language).replaceAll(/\s/g, ' ')).toBe(said);
});
