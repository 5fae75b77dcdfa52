/** How old somebody was when the image was made. */

import { say } from './words';

const UNITS = { Y: 'years', M: 'months', W: 'weeks', D: 'days' } as const;

/** Patient's Age (AS, PS3.5, 6.2) as it stands in the file, or else from birth to the study; '' where neither is known. */
export function ageOf(age: string, birth: string, study: string): string {
  const [, count, unit] = /^(\d{3})([YMWD])$/.exec(age) ?? [];
  if (count && unit) return say(UNITS[unit as keyof typeof UNITS], { count: Number(count) });
  const [from, to] = [birth, study].map((date) => /^(\d{4})(\d{2})(\d{2})$/.exec(date)?.slice(1).map(Number));
  if (!from || !to) return '';
  const [[year = 0, month = 0, day = 0], [thisYear = 0, thisMonth = 0, thisDay = 0]] = [from, to];
  const months = (thisYear - year) * 12 + thisMonth - month - (thisDay < day ? 1 : 0);
  if (months < 0) return '';
  return months < 24 ? say('months', { count: months }) : say('years', { count: Math.floor(months / 12) });
}
