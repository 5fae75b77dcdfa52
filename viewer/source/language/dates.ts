/** Dates and times as the reader's language writes them. */

import { language } from './language';

/** A DICOM date (DA, PS3.5, 6.2), e.g. `20260131`; as it is when it is none. */
export function dicomDate(date: string): string {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date) ?? [];
  if (!year || !month || !day) return date;
  const there = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeZone: 'UTC' }).format(there);
}

/** A moment (ISO 8601) in this browser's time zone: the time alone when it is today. */
export function moment(iso: string, now: Date = new Date()): string {
  const then = new Date(iso);
  const isToday = then.toDateString() === now.toDateString();
  const style: Intl.DateTimeFormatOptions = isToday
    ? { timeStyle: 'short' }
    : { dateStyle: 'medium', timeStyle: 'short' };
  return new Intl.DateTimeFormat(language.value, style).format(then);
}

/** A probability, 0 to 1, as a percentage without false precision. */
export function percent(probability: number): string {
  return new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 0 }).format(probability);
}
