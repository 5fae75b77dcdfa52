/** What is said, loudly, of an image that was not read. */

import { InEnglish } from '../parts/in-english';
import type { Pending, Reading } from '../service/types';
import { opened } from '../study/opened';
import { refusalInWords } from './refusals';
import { say } from './words';

export function NotRead({ reading }: { reading: Reading | Pending | undefined }) {
  if (!reading || reading.state === 'pending') return <Waiting />;
  const isRefused = reading.state === 'refused';
  return (
    <div role="alert" class={`review-loud review-${reading.state}`} data-image-state={reading.state}>
      <h3>{say(isRefused ? 'refused' : 'failed')}</h3>
      {isRefused && <p>{refusalInWords(reading.refusal)}</p>}
      <p>{say(isRefused ? 'refusedMeans' : 'failedMeans')}</p>
      <div class="review-quiet">
        <InEnglish text={(isRefused ? reading.refusal?.reason : reading.failure) ?? ''} />
      </div>
    </div>
  );
}

function Waiting() {
  const all = [...(opened.value?.readings.values() ?? [])];
  const done = all.filter((one) => one.state !== 'pending').length;
  return (
    <div role="status" class="review-loud review-pending" data-image-state="pending">
      <h3>{say('pending')}</h3>
      <progress max={all.length} value={done} aria-label={say('pendingCount', { done, all: all.length })} />
      <p>{say('pendingCount', { done, all: all.length })}</p>
      <p>{say('pendingMeans')}</p>
    </div>
  );
}
