import { afterEach, expect, test } from 'vitest';
import { yearsBetween } from '../../source/language/dates';
import { language } from '../../source/language/language';
import { personName } from '../../source/language/people';

afterEach(() => (language.value = 'en'));

test.each([
  ['vi', 'NGUYỄN^Văn^An', 'NGUYỄN Văn An'],
  ['en', 'NGUYỄN^Văn^An', 'NGUYỄN, Văn An'],
  ['en', 'Doe', 'Doe'],
  ['en', '^Jane', 'Jane'],
  ['en', '=山田^太郎=やまだ', '山田, 太郎'],
  ['en', '', ''],
  ['en', '^^^', ''],
] as const)('a name in %s: %s', (tag, name, said) => {
  language.value = tag;
  expect(personName(name)).toBe(said);
});

test.each([
  ['19600615', '20260614', 65],
  ['19600615', '20260615', 66],
  ['', '20260615', null],
  ['1960', '20260615', null],
  ['20300101', '20260615', null],
])('years from %s to %s', (from, to, years) => {
  expect(yearsBetween(from, to)).toBe(years);
});
