/** Which frame of an image with several, and that the reader saw one of them. */

import type { Signal } from '@preact/signals';
import type { Pane } from './panes';
import { say } from './words';

/** The frame that the reader reads, whatever a file has besides. */
export const READ_FRAME = 1;

interface Props {
  pane: Pane;
  frame: Signal<number>;
  /** The reader read the image; of others it is said elsewhere why it did not. */
  isRead: boolean;
}

export function Frames({ pane, frame, isRead }: Props) {
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
      {isRead && (
        <strong class="pane-frame-read" role="status">
          {say(frame.value === READ_FRAME ? 'frameRead' : 'frameUnread', { frame: READ_FRAME })}
        </strong>
      )}
    </div>
  );
}
