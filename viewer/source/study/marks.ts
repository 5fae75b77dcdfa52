/** What the review wants of the image, and what it has drawn on it: the two sides meet here and know nothing of each other. */

import { signal } from '@preact/signals';
import type { Box } from '../service/types';

/** A box to be drawn over an image, in pixels of the stored image. */
export interface Mark {
  instance: string;
  finding: string;
  box: Box;
  /** reader: by a radiologist in this review; ai: the reading's region. */
  by: 'reader' | 'ai';
}

/** Boxes that the image shows. The review fills it with the reader's own. */
export const marks = signal<Mark[]>([]);

/** Somebody waits for a box: the image lets the reader draw one on this instance, then calls `done`; `null`: given up. */
export const boxWanted = signal<{ instance: string; finding: string; done: (box: Box | null) => void } | null>(null);
