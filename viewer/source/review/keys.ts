/** The keys of the review. While something is written into a field, they are letters. */

import type { Shortcuts } from '../parts/shortcuts';
import { boxWanted } from '../study/marks';
import { adding, choose, judgeAll, judgeNext, shownOrder, signOff, undoSignOff } from './acting';
import { chosenHistory, redoLast, undoLast } from './drafts';
import { say } from './words';

/** Returns whether the key meant something. `signedOff` is called when the study is. */
export function press(event: KeyboardEvent, signedOff: () => void): boolean {
  if (document.querySelector('dialog[open]')) return false;
  const key = event.key.toLowerCase();
  if (key === 'escape') return escape(event.target);
  if (event.ctrlKey || event.metaKey) return withControl(event, key, signedOff);
  if (event.altKey || isField(event.target)) return false;
  if (key === 'enter' || key === ' ') return !isControl(event.target) && finish(signedOff);
  return letter(key, event.shiftKey);
}

function letter(key: string, shift: boolean): boolean {
  if (adding.value) return false; // meant for the search, which may not have the focus yet
  if (/^[1-9]$/.test(key)) return chooseAt(Number(key) - 1);
  if (key === 'a') return did(shift ? () => judgeAll('accepted') : () => judgeNext('accepted'));
  if (key === 'x') return did(shift ? () => judgeAll('rejected') : () => judgeNext('rejected'));
  if (shift) return false;
  if (key === 'c') return did(() => judgeNext('corrected'));
  if (key === 'm') return did(() => (adding.value = true));
  return false;
}

function withControl(event: KeyboardEvent, key: string, signedOff: () => void): boolean {
  if (key === 'enter') return finish(signedOff);
  if (isField(event.target)) return false; // a field has an undo of its own
  if (key === 'y' || (key === 'z' && event.shiftKey)) return did(redoLast);
  if (key === 'z') return did(() => (chosenHistory.value.past.length > 0 || !undoSignOff() ? undoLast() : undefined));
  return false;
}

function finish(signedOff: () => void): boolean {
  if (signOff()) signedOff();
  return true;
}

function escape(target: EventTarget | null): boolean {
  if (boxWanted.value) return did(() => boxWanted.value?.done(null));
  if (adding.value) return did(() => (adding.value = false));
  if (!isField(target)) return false;
  return did(() => {
    (target as HTMLElement).blur(); // from then on, letters are keys again
  });
}

function chooseAt(place: number): boolean {
  const finding = shownOrder.value[place];
  if (finding) choose(finding.name);
  return finding !== undefined;
}

function did(something: () => unknown): boolean {
  something();
  return true;
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches('input:not([type=range]), textarea, select, [contenteditable]')
  );
}

/** Enter and space are this control's own. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, summary, [role=tab], input') !== null;
}

/** For the list of keys. */
export function help(): Shortcuts {
  return {
    title: say('review'),
    keys: [
      ['1–9', say('keyChoose')],
      ['A / X', `${say('accept')} / ${say('reject')}`],
      ['Shift A / X', `${say('acceptRest')} / ${say('rejectRest')}`],
      ['C', say('correct')],
      ['M', say('missed')],
      ['Ctrl Z / Y', `${say('undo')} / ${say('redo')}`],
      ['Enter', say('signOff')],
    ],
  };
}
