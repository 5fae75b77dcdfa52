/** From one study to the next by the worklist's order, with a key. */

import { useEffect } from 'preact/hooks';
import { open, route } from '../parts/route';
import { useKeys, useShortcutHelp, type Shortcuts } from '../parts/shortcuts';
import { toast } from '../parts/toast';
import { lookAhead, nextUnread, previous } from '../study/queue';
import { say } from './words';

export function GoingOn({ study, patient }: { study: string; patient: number }) {
  useEffect(() => void lookAhead({ study, patient }), [study, patient]);
  useShortcutHelp(help);
  useKeys((event) => {
    if (event.key === 'n') goOn();
    else if (event.key === 'N') goBack();
    else if (event.key === 'w') open({ page: 'worklist' });
    else return false;
    return true;
  });
  return null;
}

/** The next unread study; the worklist when none is left. */
export function goOn(): void {
  const here = route.value;
  if (here.page !== 'study') return;
  const next = nextUnread(here);
  if (!next) toast(say('noneWaits'));
  open(next ? { page: 'study', study: next.study, patient: next.patient } : { page: 'worklist' });
}

function goBack(): void {
  const here = route.value;
  const before = here.page === 'study' ? previous(here) : null;
  if (before) open({ page: 'study', study: before.study, patient: before.patient });
}

function help(): Shortcuts {
  return {
    title: say('worklist'),
    keys: [
      ['n', say('next')],
      ['Shift N', say('previous')],
      ['w', say('toWorklist')],
    ],
  };
}
