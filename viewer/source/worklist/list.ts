/**
 * The worklist as it is loaded. It lives while the page does, so that the reading room finds the next study in it and the
 * way back finds it as it was. What happens changes rows where they stand; rows come and go, and the order changes, only
 * when the reader is at the top and at rest, or asks.
 */

import { batch, computed, effect, signal } from '@preact/signals';
import { defaultSort } from '../parts/choices';
import { lastAsked, route } from '../parts/route';
import { Problem } from '../service/client';
import { moreQueued, queue } from '../study/queue';
import { fetchPage, type Page } from './fetching';
import { fromAddress, NONE, toQuery, type Filters } from './filters';
import { arrived, extended, keyOf, updated, type Row } from './rows';

/** Studies that are asked for at once. */
const PAGE = 100;
/** As many as the interface gives at once. */
const LARGEST_PAGE = 500;

export const filters = signal<Filters>(NONE);
export const rows = signal<readonly Row[]>([]);
export const standing = signal<'loading' | 'shown' | 'failed'>('loading');
export const problem = signal<Problem | null>(null);
/** Key of the row that the keyboard is at. */
export const selected = signal('');
/** Rows that came meanwhile and are not shown yet. */
export const arrivals = signal<readonly Row[]>([]);
/** The order or the rows are not what the service would give now. */
export const unsettled = signal(false);
/** There are no more. */
export const isWhole = computed(() => cursor.value === null);

const cursor = signal<string | null>(null);
let asking = new AbortController();
let extending: Promise<void> | null = null;

const sort = (): 'urgent' | 'newest' => (defaultSort.value === 'newest' ? 'newest' : 'urgent');
const query = (): URLSearchParams => toQuery(filters.value, sort());

/** Call once: the list follows the address, and the queue the list. */
export function followAddress(): () => void {
  const stops = [followFilters(), followOpened(), effect(() => void (queue.value = rows.value.map(queued)))];
  moreQueued.value = extend;
  return () => stops.forEach((stop) => stop());
}

function followFilters(): () => void {
  // While a study is open, those that the way back leads to.
  const asked = computed(() => (route.value.page === 'worklist' ? (route.value.asked ?? '') : lastAsked()));
  return effect(() => {
    filters.value = fromAddress(asked.value);
    selected.value = '';
    query(); // what else it depends on
    void load();
  });
}

/** The row of the study that is open is the one to come back to. */
function followOpened(): () => void {
  return effect(() => {
    const now = route.value;
    if (now.page === 'study') selected.value = keyOf(now.study, now.patient);
  });
}

/** Ask for the first page anew and show it. What was shown stays until it is there. */
export async function load(): Promise<void> {
  asking.abort();
  const { signal: given } = (asking = new AbortController());
  standing.value = 'loading';
  try {
    show(await fetchPage(query(), PAGE, null, given));
  } catch (error) {
    if (given.aborted) return;
    fail(error);
  }
}

/** The next page behind what is loaded. */
export async function extend(): Promise<void> {
  if (cursor.peek() === null || standing.peek() === 'loading') return;
  extending ??= extendOnce().finally(() => (extending = null));
  await extending;
}

async function extendOnce(): Promise<void> {
  const { signal: given } = asking;
  try {
    // Who scrolls that far goes on: fewer and larger pages.
    const limit = rows.peek().length < LARGEST_PAGE ? PAGE : LARGEST_PAGE;
    const page = await fetchPage(query(), limit, cursor.peek(), given);
    if (given.aborted) return;
    batch(() => {
      rows.value = extended(rows.value, page.rows);
      cursor.value = page.next;
    });
  } catch (error) {
    if (!given.aborted && !(error instanceof Problem)) throw error; // away: the banner says it, and scrolling asks again
  }
}

/** The first page as it is now. Rows change where they stand; when nobody looks (`calm`), they come and go as well. */
export async function follow(calm: () => boolean): Promise<void> {
  const { signal: given } = asking;
  const page = await fetchPage(query(), PAGE, null, given).catch(passOver);
  if (!page || given.aborted) return;
  if (calm()) show(page);
  else
    batch(() => {
      change(page.rows);
      arrivals.value = arrived(rows.value, page.rows);
      unsettled.value = !isSameOrder(page.rows);
    });
}

/** All that is loaded as it is now, e.g. after the connection was lost. */
export async function followAll(calm: () => boolean): Promise<void> {
  const { signal: given } = asking;
  for (let seen = 0, next: string | null = null; seen < rows.value.length; seen += LARGEST_PAGE) {
    const page: Page | null = await fetchPage(query(), LARGEST_PAGE, next, given).catch(passOver);
    if (!page || given.aborted) return;
    change(page.rows);
    next = page.next;
    if (!next) break;
  }
  await follow(calm);
}

/** What is known now of some rows. */
export function change(fresh: readonly Row[]): void {
  rows.value = updated(rows.value, fresh);
}

function show(page: Page): void {
  batch(() => {
    rows.value = keepSame(page.rows);
    cursor.value = page.next;
    arrivals.value = [];
    unsettled.value = false;
    problem.value = null;
    standing.value = 'shown';
    if (route.value.page !== 'study' && !rows.value.some((row) => row.key === selected.value))
      selected.value = rows.value[0]?.key ?? '';
  });
}

/** Rows that did not change stay the same objects. */
function keepSame(fresh: readonly Row[]): readonly Row[] {
  const before = new Map(rows.value.map((row) => [row.key, row]));
  return fresh.map((row) => {
    const was = before.get(row.key);
    return was ? (updated([was], [row])[0] ?? row) : row;
  });
}

function isSameOrder(fresh: readonly Row[]): boolean {
  return fresh.every((row, place) => rows.value[place]?.key === row.key);
}

function fail(error: unknown): void {
  if (!(error instanceof Problem)) throw error;
  batch(() => {
    rows.value = []; // those of other filters are no answer
    cursor.value = null;
    problem.value = error;
    standing.value = 'failed';
  });
}

function passOver(error: unknown): null {
  if (error instanceof Problem || (error instanceof DOMException && error.name === 'AbortError')) return null;
  throw error;
}

function queued({ study, patient }: Row) {
  return { study: study.study_instance_uid, patient, unread: !study.reviewed };
}
