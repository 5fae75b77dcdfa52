/** Patients as the reader's language writes them. */

import { language, words } from './language';

const say = words({
  en: { M: 'M', F: 'F', O: 'O', years: '{count} y' },
  vi: { M: 'Nam', F: 'Nữ', O: 'Khác', years: '{count} tuổi' },
  fr: { M: 'H', F: 'F', O: 'Autre', years: '{count} ans' },
});

/**
 * A DICOM person name (PN, PS3.5, 6.2.1). Vietnamese has the family name first and nothing between; the other languages
 * set it off with a comma. The alphabetic group, or the first one that says something.
 */
export function personName(name: string): string {
  const group = name.split('=').find((one) => one.replaceAll('^', '').trim() !== '') ?? '';
  const [family = '', ...rest] = group.split('^').map((part) => part.trim());
  const given = rest.filter(Boolean).join(' ');
  const between = language.value === 'vi' ? ' ' : ', ';
  return [family, given].filter(Boolean).join(between);
}

/** Patient's Sex (0010,0040) in a word or letter; nothing where it is none of the standard's. */
export function sexWord(sex: string): string {
  return sex === 'M' || sex === 'F' || sex === 'O' ? say(sex) : '';
}

export function ageWords(years: number | null): string {
  return years === null ? '' : say('years', { count: years });
}
