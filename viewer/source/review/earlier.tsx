/** What was said of this reading before: who, when, on which reader version. */

import { findingName } from '../language/findings';
import { moment } from '../language/dates';
import type { Reading, ReviewAnswer } from '../service/types';
import { opened } from '../study/opened';
import { forget, isBegun, keepMine, overtaken } from './drafts';
import { say } from './words';

export function Earlier({ reading }: { reading: Reading }) {
  const reviews = opened.value?.reviews.get(reading.reading_id) ?? [];
  if (reviews.length === 0) return null;
  return (
    <details class="review-earlier" data-reviews={reviews.length}>
      <summary>
        {say('earlier', { count: reviews.length })} · {reviews[0] && signedInWords(reviews[0])}
      </summary>
      <ul class="review-list">
        {reviews.map((review) => (
          <li key={review.number}>
            {lineOf(review)} · {signedInWords(review)}
            <p class="review-quiet">{saidInWords(review)}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Somebody reviewed while this draft was open: the reader decides. */
export function Overtaken({ reading }: { reading: Reading }) {
  const theirs = isBegun(reading.reading_id) ? overtaken(reading.reading_id) : null;
  if (!theirs) return null;
  return (
    <div role="alert" class="review-loud review-overtaken">
      <p>{say('overtaken', { who: theirs.reviewer, when: moment(theirs.reviewed_at) })}</p>
      <p class="review-quiet">{saidInWords(theirs)}</p>
      <div class="review-buttons">
        <button type="button" onClick={() => forget(reading.reading_id)}>
          {say('theirs')}
        </button>
        <button type="button" onClick={() => keepMine(reading.reading_id)}>
          {say('mine')}
        </button>
      </div>
    </div>
  );
}

function lineOf(review: ReviewAnswer): string {
  const { number, reviewer, reviewed_at, reader } = review;
  return say('earlierLine', { number, who: reviewer, when: moment(reviewed_at), reader });
}

function signedInWords(review: ReviewAnswer): string {
  return say(review.signed_off ? 'signedOffMark' : 'notSignedOff');
}

const VERDICTS = { accepted: 'accepted', rejected: 'rejected', corrected: 'correctedVerdict' } as const;

function saidInWords({ verdicts, missed, comment }: ReviewAnswer): string {
  const judged = verdicts.map((one) => `${findingName(one.finding)}: ${say(VERDICTS[one.verdict])}`);
  const added = missed.map((one) => `+ ${findingName(one.finding)}`);
  return [...judged, ...added, comment].filter(Boolean).join(' · ');
}
