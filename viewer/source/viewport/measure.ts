/** Lengths and angles on an image. Millimetres only where the file says them. */

import type { Spacing } from '../pixels/spacing';
import type { Point } from './look';

export interface Shape {
  id: number;
  kind: 'length' | 'angle';
  /** Two ends, or two ends with the angle's corner between them; fewer while it is drawn. */
  points: Point[];
}

export const CORNERS = { length: 2, angle: 3 } as const;

/** In `spacing.unit`. Where there is no size, in columns' widths. */
export function lengthOf([from, to]: readonly Point[], { row, column }: Spacing): number {
  if (!from || !to) return 0;
  return Math.hypot((to[0] - from[0]) * column, (to[1] - from[1]) * row);
}

/** Degrees, 0 to 180, at the second of three points. */
export function angleOf([from, corner, to]: readonly Point[], { row, column }: Spacing): number {
  if (!from || !corner || !to) return 0;
  const [one, other] = [from, to].map(([x, y]) => Math.atan2((y - corner[1]) * row, (x - corner[0]) * column));
  const between = Math.abs(((one ?? 0) - (other ?? 0)) * (180 / Math.PI));
  return between > 180 ? 360 - between : between;
}

/** Length of a bar that is a round number of millimetres and at most `most` long: 1, 2 or 5 times a power of ten. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((times) => times * power).find((length) => length <= most) ?? power;
}
