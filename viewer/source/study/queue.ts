/**
 * The order in which studies wait, as the worklist shows them. The worklist fills it; the reading room asks it which study
 * comes next, to preload it and to go on after a sign-off.
 */

import { signal } from '@preact/signals';

export interface Queued {
  study: string;
  patient: number;
  /** Nobody signed it off. */
  unread: boolean;
}

/** The worklist as filtered, as far as it is loaded. */
export const queue = signal<readonly Queued[]>([]);
/** More is to be had behind the last one. The worklist says how. */
export const moreQueued = signal<(() => Promise<void>) | null>(null);

/** So near to the end of what is loaded, more is asked for. */
const AHEAD = 5;

type Place = Pick<Queued, 'study' | 'patient'>;

/** The next one that nobody signed off: behind this one, else from the top. `null`: none waits. */
export function nextUnread(from: Place, order: readonly Queued[] = queue.value): Queued | null {
  const here = placeOf(from, order);
  const turned = [...order.slice(here + 1), ...order.slice(0, Math.max(here, 0))];
  return turned.find((one) => one.unread && !isSame(one, from)) ?? null;
}

/** The one above this one, read or unread. */
export function previous(from: Place, order: readonly Queued[] = queue.value): Queued | null {
  return order[placeOf(from, order) - 1] ?? null;
}

/** How many of the loaded ones nobody signed off. */
export function unreadCount(order: readonly Queued[] = queue.value): number {
  return order.filter((one) => one.unread).length;
}

/** Have the order loaded beyond this one before it is needed. */
export async function lookAhead(from: Place): Promise<void> {
  const left = queue.value.length - placeOf(from, queue.value) - 1;
  if (left < AHEAD) await moreQueued.value?.();
}

function placeOf(one: Place, order: readonly Queued[]): number {
  return order.findIndex((other) => isSame(one, other));
}

function isSame(one: Place, other: Place): boolean {
  return one.study === other.study && one.patient === other.patient;
}
