/** The worklist by keyboard alone. */

import { open } from '../parts/route';
import type { Shortcuts } from '../parts/shortcuts';
import { arrivals, load, rows, selected, unsettled } from './list';
import { keyBeside } from './rows';
import { ROW_HEIGHT } from './window';
import { say } from './words';

/** Whether the key meant something. */
export function press(event: KeyboardEvent): boolean {
  const step = stepOf(event.key);
  if (step !== null) return move(step);
  if (event.key === 'Enter') return isOnRow(event.target) && openRow(selected.value);
  if (event.key === 'n') return openRow(rows.value.find((row) => !row.study.reviewed)?.key ?? '');
  if (event.key === '/') return focusOn('[data-filter="search"]');
  if (event.key === 'f') return focusOn('[data-filter="state"]');
  if (event.key === 'r') return (arrivals.value.length > 0 || unsettled.value) && showNew();
  return false;
}

/** What waits to be shown, now, from the top. */
export function showNew(): boolean {
  const grid = document.querySelector('.worklist-grid');
  if (grid) grid.scrollTop = 0;
  selected.value = '';
  void load();
  return true;
}

export function help(): Shortcuts {
  return {
    title: say('worklist'),
    keys: [
      ['↓ j · ↑ k', say('keyMove')],
      ['Home · End', say('keyEnds')],
      ['Enter', say('keyOpen')],
      ['n', say('keyNext')],
      ['/', say('keySearch')],
      ['f', say('keyFilter')],
      ['r', say('keyShow')],
    ],
  };
}

function stepOf(key: string): number | null {
  const page = Math.max(1, Math.floor(innerHeight / ROW_HEIGHT) - 4);
  const steps: Record<string, number> = {
    ArrowDown: 1,
    j: 1,
    ArrowUp: -1,
    k: -1,
    PageDown: page,
    PageUp: -page,
    Home: -Infinity,
    End: Infinity,
  };
  return steps[key] ?? null;
}

function move(step: number): boolean {
  selected.value = keyBeside(rows.value, selected.value, step);
  return true;
}

function openRow(key: string): boolean {
  const row = rows.value.find((one) => one.key === key);
  if (!row) return false;
  selected.value = key;
  open({ page: 'study', study: row.study.study_instance_uid, patient: row.patient });
  return true;
}

function focusOn(selector: string): boolean {
  document.querySelector<HTMLElement>(selector)?.focus();
  return true;
}

/** Enter on a button or link is the button's or link's own. */
function isOnRow(target: EventTarget | null): boolean {
  return !(target instanceof HTMLElement) || target.closest('button, a, summary') === null;
}
