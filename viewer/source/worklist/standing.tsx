/** What a study is to a radiologist, by word, shape and colour, so that none of them is needed alone. */

import { FailedIcon, PendingIcon, ReadIcon, RefusedIcon, ReviewedIcon, StatIcon } from '../parts/icons';
import type { Study } from '../service/types';
import { isStat, standingOf } from './rows';
import { say } from './words';

const SHAPES = {
  pending: PendingIcon,
  read: ReadIcon,
  refused: RefusedIcon,
  failed: FailedIcon,
  reviewed: ReviewedIcon,
};

export function StandingOf({ study }: { study: Study }) {
  const standing = standingOf(study);
  const Shape = SHAPES[standing];
  return (
    <>
      <span class="worklist-standing" data-state={standing}>
        <Shape /> {say(standing)}
        {study.reviewed && standing === 'failed' && <ReviewedIcon />}
      </span>
      {isStat(study) && (
        <span class="worklist-stat">
          <StatIcon /> {say('stat')}
        </span>
      )}
      {study.urgency === 3 && !study.reviewed && (
        <span class="worklist-urgent">
          <StatIcon /> {say('urgent')}
        </span>
      )}
    </>
  );
}
