/** What is being sent from this page, file by file. */

import { computed, signal } from '@preact/signals';
import { Problem } from '../service/client';
import { batches } from './batches';
import type { Picked, Picking } from './picked';
import { sentOf, type Progress } from './progress';
import { AGAIN, failedReceipts, receiptsByPart, tally, type Receipt } from './receipts';
import { Busy, send } from './send';

export interface Item extends Picked {
  id: number;
  receipts: readonly Receipt[];
}

export const items = signal<readonly Item[]>([]);
export const passedOver = signal(0);
export const unreadable = signal<readonly string[]>([]);
/** Seconds that the service asked to wait for; 0: it did not. */
export const waits = signal(0);
/** Bytes of the request under way that are sent, as the browser counts them. */
const underWay = signal({ bytes: 0, loaded: 0, total: 0 });

const WAITING: readonly Receipt[] = [{ fate: 'waiting', entry: null, why: null }];
const SENDING: readonly Receipt[] = [{ fate: 'sending', entry: null, why: null }];
const STOPPED: readonly Receipt[] = [{ fate: 'stopped', entry: null, why: null }];

export const isBusy = computed(() => items.value.some(isOpen));
export const counts = computed(() => tally(items.value.flatMap((item) => item.receipts)));
export const progress = computed<Progress>(() => {
  const { bytes, loaded, total } = underWay.value;
  const answered = items.value.filter((item) => !isOpen(item));
  return { bytes: sizeOf(items.value), sent: sentOf(sizeOf(answered), bytes, loaded, total) };
});
export const canRetry = computed(() => !isBusy.value && items.value.some(isAgain));

let stopping = new AbortController();
let running = false;
let lastId = 0;

/** Send what was picked, behind what is being sent. */
export function add(picking: Picking): void {
  if (!isBusy.value) clear();
  const fresh = picking.files.map((one) => ({ ...one, id: ++lastId, receipts: WAITING }));
  items.value = [...items.value, ...fresh];
  passedOver.value += picking.passedOver;
  unreadable.value = [...unreadable.value, ...picking.unreadable];
  void run();
}

/** Stop: what is answered stays so, the rest can be sent again. */
export function stop(): void {
  stopping.abort();
}

/** Send again what failed or was stopped. It is always safe: what arrived is answered as a duplicate. */
export function retry(): void {
  items.value = items.value.map((item) => (isAgain(item) ? { ...item, receipts: WAITING } : item));
  void run();
}

export function clear(): void {
  items.value = [];
  passedOver.value = 0;
  unreadable.value = [];
}

async function run(): Promise<void> {
  if (running) return;
  running = true;
  stopping = new AbortController();
  try {
    for (let next = nextBatch(); next; next = nextBatch()) await sendBatch(next);
  } finally {
    running = false;
    if (stopping.signal.aborted) settle(items.value.filter(isOpen), () => STOPPED);
  }
}

function nextBatch(): Item[] | undefined {
  if (stopping.signal.aborted) return undefined;
  return batches(items.value.filter((item) => item.receipts === WAITING))[0];
}

/** One request; where the service is busy, again after the time that it names. */
async function sendBatch(batch: Item[]): Promise<void> {
  const { signal: stopped } = stopping;
  settle(batch, () => SENDING);
  try {
    const answers = receiptsByPart(await sendPatiently(batch, stopped));
    settle(batch, (place) => answers.get(place) ?? failedReceipts(new Problem('failed', 0, '')));
  } catch (error) {
    if (stopped.aborted) settle(batch, () => STOPPED);
    else if (error instanceof Problem) settle(batch, () => failedReceipts(error));
    else throw error;
  } finally {
    underWay.value = { bytes: 0, loaded: 0, total: 0 };
  }
}

async function sendPatiently(batch: Item[], stopped: AbortSignal) {
  const files = batch.map((item) => item.file);
  const bytes = sizeOf(batch);
  for (let tries = 0; ; tries += 1) {
    try {
      const onProgress = (loaded: number, total: number): void => void (underWay.value = { bytes, loaded, total });
      return await send({ files, signal: stopped, onProgress });
    } catch (error) {
      if (!(error instanceof Busy)) throw error;
      if (tries >= MOST_TRIES) throw error.problem;
      await pause(error.seconds, stopped);
    }
  }
}

/** Times that a busy service is asked again before a person is. */
const MOST_TRIES = 20;

async function pause(seconds: number, stopped: AbortSignal): Promise<void> {
  waits.value = seconds;
  await new Promise<void>((resolve) => {
    const waiting = setTimeout(resolve, seconds * 1000);
    stopped.addEventListener('abort', () => {
      clearTimeout(waiting);
      resolve();
    });
  });
  waits.value = 0;
  stopped.throwIfAborted();
}

function settle(some: readonly Item[], receipts: (place: number) => readonly Receipt[]): void {
  const places = new Map(some.map((item, place) => [item.id, place]));
  items.value = items.value.map((item) => {
    const place = places.get(item.id);
    return place === undefined ? item : { ...item, receipts: receipts(place) };
  });
}

function isOpen(item: Item): boolean {
  return item.receipts === WAITING || item.receipts === SENDING;
}

function isAgain(item: Item): boolean {
  return item.receipts.some(({ fate }) => AGAIN.has(fate));
}

function sizeOf(some: readonly Item[]): number {
  return some.reduce((bytes, item) => bytes + item.file.size, 0);
}
