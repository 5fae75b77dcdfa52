/** A probability on a bar, with the threshold marked on it. */

import { onBar } from './order';

const WIDTH = 100;

export function Bar({ probability, threshold, present }: { probability: number; threshold: number; present: boolean }) {
  const mark = onBar(threshold) * WIDTH;
  return (
    <svg class="review-bar" viewBox={`0 0 ${WIDTH} 8`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="review-bar-ground" x="0" y="2" width={WIDTH} height="4" />
      <rect
        class={present ? 'review-bar-over' : 'review-bar-under'}
        x="0"
        y="2"
        width={onBar(probability) * WIDTH}
        height="4"
      />
      <rect class="review-bar-threshold" x={mark - 0.5} y="0" width="1" height="8" />
    </svg>
  );
}
