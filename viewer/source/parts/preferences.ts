/** What a reader prefers, kept in this browser. */

import { effect, signal, type Signal } from '@preact/signals';

/** A signal whose value outlives the page. A kept value of another type is passed over. */
export function preference<T extends string | number | boolean>(name: string, otherwise: T): Signal<T> {
  const key = `hilum.${name}`;
  const kept = signal<T>(read(key, otherwise));
  effect(() => localStorage.setItem(key, JSON.stringify(kept.value)));
  return kept;
}

function read<T>(key: string, otherwise: T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return typeof value === typeof otherwise ? (value as T) : otherwise;
  } catch {
    return otherwise;
  }
}
