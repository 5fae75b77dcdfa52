/** The toolbar's pictures, 24 by 24, drawn with lines of the text's colour. */

import type { JSX } from 'preact';

const PATHS = {
  window: 'M12 4a8 8 0 1 0 0 16z M12 4a8 8 0 0 1 0 16 M9 8v8 M6.5 9v6',
  pan: 'M12 3v18 M3 12h18 M12 3l-3 3 M12 3l3 3 M12 21l-3-3 M12 21l3-3 M3 12l3-3 M3 12l3 3 M21 12l-3-3 M21 12l-3 3',
  zoom: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13 M15.5 15.5L21 21 M7.5 10.5h6 M10.5 7.5v6',
  rotate: 'M19 12a7 7 0 1 1-2.5-5.4 M17 2.5v4.5h-4.5 M12 12h.01',
  magnify: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13 M15.5 15.5L21 21',
  length: 'M4 20L20 4 M2.5 18.5l3 3 M18.5 2.5l3 3 M9 12l2 2 M12 9l2 2',
  angle: 'M20 19H4L15 5 M10 19a6 6 0 0 0-2.2-4.8',
  fit: 'M4 9V4h5 M15 4h5v5 M20 15v5h-5 M9 20H4v-5',
  oneToOne: 'M5 8l2-2v12 M17 8l2-2v12 M12 10h.01 M12 15h.01',
  rotateRight: 'M5 13a7 7 0 1 0 2.5-5.4 M7 3v4.6h4.6',
  rotateLeft: 'M19 13a7 7 0 1 1-2.5-5.4 M17 3v4.6h-4.6',
  flipAcross: 'M12 3v18 M9 7L3 17h6z M15 7l6 10h-6z',
  flipDown: 'M3 12h18 M7 9L17 3v6z M7 15l10 6v-6z',
  invert: 'M4 4h16v16H4z M4 20L20 4 M8 20L20 8 M13 20l7-7',
  reset: 'M4 12a8 8 0 1 0 3-6.2 M4 4v4.5h4.5',
  deleteShape: 'M5 7h14 M10 7V4h4v3 M7 7l1 13h8l1-13 M10.5 11v5 M13.5 11v5',
  texts: 'M5 6V4h14v2 M12 4v16 M9 20h6',
  overlay: 'M12 3L21 8l-9 5l-9-5z M3 13l9 5l9-5',
  compare: 'M4 5h7v14H4z M13 5h7v14h-7z M6 15l2-3l2 2',
  together: 'M9 12h6 M10 8H8a4 4 0 0 0 0 8h2 M14 8h2a4 4 0 0 1 0 8h-2',
  close: 'M6 6l12 12 M18 6L6 18',
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="viewport-icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
