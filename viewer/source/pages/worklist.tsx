/** The worklist: what waits for a radiologist. */

import { useEffect } from 'preact/hooks';
import { maySend } from '../account/session';
import { useKeys, useShortcutHelp } from '../parts/shortcuts';
import { ChooseButtons } from '../upload/choose';
import { FilterBar } from '../worklist/filter-bar';
import { narrowing } from '../worklist/filters';
import { help, press } from '../worklist/keys';
import { warmUp } from '../viewport/preload';
import { filters } from '../worklist/list';
import { Nothing } from '../worklist/news';
import { Table } from '../worklist/table';
import { say } from '../worklist/words';
import '../worklist/worklist.css';

export function WorklistPage() {
  useKeys(press);
  useShortcutHelp(help);
  useEffect(warmUp, []);
  useEffect(() => document.querySelector<HTMLElement>('.worklist-grid')?.focus(), []);
  return (
    <main class="worklist" aria-label={say('worklist')}>
      <h1 class="unseen">{say('worklist')}</h1>
      <FilterBar>{maySend.value && <ChooseButtons />}</FilterBar>
      <Nothing isFiltered={narrowing(filters.value) > 0} />
      <Table />
    </main>
  );
}
