/** Which frame of an image with several. */

import type { Signal } from '@preact/signals';
import type { Pane } from './panes';
import { say } from './words';

export function Frames({ pane, frame }: { pane: Pane; frame: Signal<number> }) {
  const frames = pane.facts.value?.frames ?? 1;
  if (frames < 2) return null;
  return (
    <div class="pane-frames" role="group">
      <button type="button" aria-label={say('previous')} disabled={frame.value <= 1} onClick={() => (frame.value -= 1)}>
        ‹
      </button>
      {say('frame', { frame: frame.value, frames })}
      <button
        type="button"
        aria-label={say('next')}
        disabled={frame.value >= frames}
        onClick={() => (frame.value += 1)}
      >
        ›
      </button>
    </div>
  );
}
