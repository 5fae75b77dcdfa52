/** Keys that mean something on a page. While something is written into a field, or a dialog is open, they do not. */

import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** Keys with what they do, in the page's language: shown by `?`. */
export interface Shortcuts {
  title: string;
  keys: readonly (readonly [key: string, does: string])[];
}

const described = signal<readonly (() => Shortcuts)[]>([]);

/** What the open page's keys are, one section for each part that has some. */
export function shortcuts(): Shortcuts[] {
  return described.value.map((describe) => describe());
}

/** Have the keys of this part listed while it is shown. */
export function useShortcutHelp(describe: () => Shortcuts): void {
  useEffect(() => {
    described.value = [...described.peek(), describe];
    return () => {
      described.value = described.peek().filter((one) => one !== describe);
    };
  }, [describe]);
}

/** Hear keys while this part is shown; `press` says whether the key meant something. */
export function useKeys(press: (event: KeyboardEvent) => boolean): void {
  const newest = useRef(press);
  newest.current = press;
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isWritten(event.target) || document.querySelector('dialog[open]')) return;
      if (newest.current(event)) event.preventDefault();
    };
    addEventListener('keydown', hear);
    return () => removeEventListener('keydown', hear);
  }, []);
}

/** Something is written or chosen there, so that letters and arrows are its own. */
function isWritten(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
