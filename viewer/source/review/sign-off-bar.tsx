/** The end of the panel: comment, steps back, signing off and what stands in its way. */

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { findingName } from '../language/findings';
import { moment } from '../language/dates';
import { reviewer, reviewerName, signedInAs } from '../parts/reviewer';
import { chosenReading, opened } from '../study/opened';
import { inWords, isOnItsWay, judgeAll, obstacle, plan, saveDraft, signOff } from './acting';
import { unjudged } from './draft';
import { change, chosenDraft, chosenHistory, isBegun, redoLast, undoLast } from './drafts';
import type { Obstacle } from './sign-off';
import { say } from './words';

export function SignOffBar({ signedOff, children }: { signedOff: () => void; children: ComponentChildren }) {
  const reading = chosenReading.value;
  const history = chosenHistory.value;
  const begun = reading !== null && isBegun(reading.reading_id);
  const open = reading ? unjudged(chosenDraft.value, reading) : [];
  return (
    <section class="review-end" aria-label={say('review')} data-state={stateOf(begun)}>
      {open.length > 1 && <TheRest count={open.length} />}
      <textarea
        class="review-comment"
        rows={1}
        aria-label={say('comment')}
        placeholder={say('comment')}
        maxLength={8000}
        value={chosenDraft.value.comment}
        disabled={reading === null}
        onInput={(event) => {
          const comment = event.currentTarget.value;
          change((draft) => ({ ...draft, comment }), 'comment');
        }}
      />
      {signedInAs.value === '' && <WhoReviews />}
      <p role="status" class="review-obstacle" data-obstacle={obstacle.value?.why ?? ''}>
        {obstacle.value && inTheWay(obstacle.value)}
      </p>
      <div class="review-buttons">
        <button
          type="button"
          class="review-sign"
          data-action="sign-off"
          onClick={(event) => {
            if (event.detail > 0) event.currentTarget.blur();
            if (signOff()) signedOff();
          }}
        >
          <kbd>Enter</kbd> {signInWords()}
        </button>
        <button
          type="button"
          title={`${say('undo')} (Ctrl+Z)`}
          aria-label={say('undo')}
          disabled={history.past.length === 0}
          onClick={undoLast}
        >
          ↶
        </button>
        <button
          type="button"
          title={`${say('redo')} (Ctrl+Y)`}
          aria-label={say('redo')}
          disabled={history.future.length === 0}
          onClick={redoLast}
        >
          ↷
        </button>
        {children}
        {begun && (
          <button type="button" data-action="save" onClick={() => void saveDraft()}>
            {say('saveOnly')}
          </button>
        )}
      </div>
      <p class="review-quiet" data-kept={begun}>
        {begun && say('kept')}
      </p>
    </section>
  );
}

/** One verdict on all that have none. */
function TheRest({ count }: { count: number }) {
  return (
    <div class="review-buttons">
      <button type="button" title="Shift+A" onClick={() => judgeAll('accepted')}>
        {say('acceptRest')} ({count})
      </button>
      <button type="button" title="Shift+X" onClick={() => judgeAll('rejected')}>
        {say('rejectRest')} ({count})
      </button>
    </div>
  );
}

/** Asked once; then it only says so. */
function WhoReviews() {
  const asked = useSignal(reviewerName.value === '');
  if (!asked.value)
    return (
      <button type="button" class="review-who" onClick={() => (asked.value = true)}>
        {say('reviewingAs', { name: reviewerName.value })}
      </button>
    );
  return (
    <input
      aria-label={say('yourName')}
      placeholder={say('yourName')}
      maxLength={64}
      value={reviewer.value}
      aria-invalid={obstacle.value?.why === 'name' && reviewerName.value === ''}
      onInput={(event) => (reviewer.value = event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur(); // then keys are the review's again
      }}
      onBlur={() => (asked.value = reviewerName.value === '')}
    />
  );
}

/** What the button would sign. */
function signInWords(): string {
  const planned = plan.value;
  if (!planned) return say('signOff');
  if (planned.obstacle && planned.obstacle.why !== 'name') return say('signOff');
  if (planned.present.length > 0) return say('signOffWith', { findings: inWords(planned) });
  return say(planned.isRead ? 'signOffNormal' : 'signOffWithout');
}

function inTheWay(what: Obstacle): string {
  if (what.why === 'verdicts') return say('needVerdicts', { findings: what.findings.map(findingName).join(', ') });
  if (what.why === 'already') return alreadySigned();
  const keys = { name: 'needName', reading: 'needReading', comment: 'needComment', decision: 'needDecision' } as const;
  return say(keys[what.why]);
}

function alreadySigned(): string {
  const newest = chosenReading.value && opened.value?.reviews.get(chosenReading.value.reading_id)?.[0];
  return newest ? say('already', { who: newest.reviewer, when: moment(newest.reviewed_at) }) : '';
}

/** draft, clean, signed-off or on-its-way: for those who look at the page from outside. */
function stateOf(begun: boolean): string {
  const now = opened.value;
  if (now && isOnItsWay(now.study.study_instance_uid)) return 'on-its-way';
  if (begun) return 'draft';
  return plan.value?.obstacle?.why === 'already' ? 'signed-off' : 'clean';
}
