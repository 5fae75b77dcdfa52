/** What is on its way to the service, and what came back: said on every page. */

import { WhatWentWrong } from '../parts/what-went-wrong';
import { undoSignOff } from './acting';
import { outbox, returned } from './outbox';
import { say } from './words';
import './review.css';

export function OutboxLine() {
  const last = outbox.value.at(-1);
  return (
    <div role="status" class="review-outbox" data-outbox={last?.state ?? (returned.value ? 'returned' : 'empty')}>
      {returned.value && (
        <div class="review-warn">
          {say('notTaken')} <WhatWentWrong problem={returned.value} />{' '}
          <button type="button" class="review-small" aria-label={say('remove')} onClick={() => (returned.value = null)}>
            ✗
          </button>
        </div>
      )}
      {last?.state === 'waiting' && (
        <p>
          <span class="review-good">✓ {last.said}</span> <span class="review-quiet">{say('goesOut')}</span>{' '}
          <button type="button" data-action="undo-sign-off" onClick={undoSignOff}>
            <kbd>Ctrl+Z</kbd> {say('undo')}
          </button>
        </p>
      )}
      {last?.state === 'sending' && <p class="review-quiet">{say('sending')}</p>}
      {last?.state === 'away' && <p class="review-warn">{say('away')}</p>}
    </div>
  );
}
