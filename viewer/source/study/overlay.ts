/** How the reading is laid over the image. Off until the reader asks, so that the reader looks first. */

import { signal } from '@preact/signals';
import { preference } from '../parts/preferences';

/** Begin with the overlay on; a preference that is off unless somebody sets it. */
export const shownAtOnce = preference<boolean>('overlay.shown', false);
export const overlayShown = signal(shownAtOnce.value);
export const overlayStyle = preference<string>('overlay.style', 'colour'); // colour | contour
export const overlayOpacity = preference<number>('overlay.opacity', 0.6); // 0..1
export const boxesShown = preference<boolean>('overlay.boxes', true);
export const ratioShown = preference<boolean>('overlay.ratio', false);
export const outlinesShown = preference<boolean>('overlay.outlines', false);
