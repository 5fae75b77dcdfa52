/** Dates and times as the reader's language writes them. */

import { language } from './language';

/** A DICOM date (DA, PS3.5, 6.2), e.g. `20260131`; as it is when it is none. */
export function dicomDate(date: string): string {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date) ?? [];
  if (!year || !month || !day) return date;
  const there = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return dates({ dateStyle: 'medium', timeZone: 'UTC' }).format(there);
}

/** A moment (ISO 8601) in this browser's time zone: the time alone when it is today. */
export function moment(iso: string, now: Date = new Date()): string {
  const then = new Date(iso);
  const isToday = then.toDateString() === now.toDateString();
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const day: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric' };
  const style = isToday ? time : { ...day, ...time };
  return dates(style).format(then);
}

/** A probability, 0 to 1, as a percentage without false precision. */
export function percent(probability: number): string {
  return percents().format(probability);
}

/** How long ago a moment (ISO 8601) was, in words, e.g. `5 minutes ago`. */
export function ago(iso: string, now: Date = new Date()): string {
  const minutes = Math.round((new Date(iso).getTime() - now.getTime()) / 60_000);
  const [amount, unit] = inUnits(minutes);
  return relatives().format(amount, unit);
}

/** Whole years between two DICOM dates; `null` where one is none. */
export function yearsBetween(from: string, to: string): number | null {
  const [one, other] = [from, to].map((date) => /^\d{8}$/.exec(date)?.[0]);
  if (!one || !other) return null;
  const years = Number(other.slice(0, 4)) - Number(one.slice(0, 4)) - (other.slice(4) < one.slice(4) ? 1 : 0);
  return years >= 0 ? years : null;
}

function inUnits(minutes: number): [number, Intl.RelativeTimeFormatUnit] {
  if (Math.abs(minutes) < 60) return [minutes, 'minute'];
  const hours = Math.round(minutes / 60);
  return Math.abs(hours) < 48 ? [hours, 'hour'] : [Math.round(hours / 24), 'day'];
}

// A format is dear to make and cheap to use: a worklist uses each thousands of times.
const formats = new Map<string, unknown>();

function kept<T>(name: string, make: (language: string) => T): T {
  const key = `${language.value} ${name}`;
  if (!formats.has(key)) formats.set(key, make(language.value));
  return formats.get(key) as T;
}

function dates(style: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return kept(JSON.stringify(style), (tag) => new Intl.DateTimeFormat(tag, style));
}

function percents(): Intl.NumberFormat {
  return kept('percent', (tag) => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 }));
}

function relatives(): Intl.RelativeTimeFormat {
  return kept('relative', (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));
}
