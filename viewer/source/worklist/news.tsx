/** How much is shown, and what came meanwhile and is not shown yet. */

import { WhatWentWrong } from '../parts/what-went-wrong';
import { unreadCount } from '../study/queue';
import { showNew } from './keys';
import { arrivals, isWhole, load, problem, rows, standing, unsettled } from './list';
import { say } from './words';

export function News() {
  const came = arrivals.value.length;
  const waits = came > 0 || unsettled.value;
  return (
    <div class="worklist-news">
      <p class="worklist-count" data-count={rows.value.length}>
        {say(isWhole.value ? 'shown' : 'shownMore', { count: rows.value.length })} ·{' '}
        {say('unread', { count: unreadCount() })}
      </p>
      <div role="status" data-part="news">
        {waits && (
          <button type="button" class="button worklist-new" onClick={showNew}>
            {newsWords(came)}
          </button>
        )}
      </div>
    </div>
  );
}

export function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (standing.value === 'failed')
    return (
      <div class="worklist-nothing" role="alert">
        <p>{say('failedList')}</p>
        {problem.value && <WhatWentWrong problem={problem.value} />}
        <button type="button" class="button" onClick={() => void load()}>
          {say('again')}
        </button>
      </div>
    );
  if (rows.value.length > 0) return null;
  const key = standing.value === 'loading' ? 'loading' : isFiltered ? 'noneFiltered' : 'none';
  return (
    <p class="worklist-nothing" role="status">
      {say(key)}
    </p>
  );
}

function newsWords(came: number): string {
  if (came === 0) return say('orderOld');
  return came === 1 ? say('newOne') : say('newSome', { count: came });
}
