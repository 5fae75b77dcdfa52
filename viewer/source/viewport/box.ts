/** Boxes in pixels of the stored image. */

import type { Box } from '../service/types';
import type { Point } from './look';

/** Two corners that lie across from each other, in any order. */
export type Corners = readonly [Point, Point];

export function boxBetween([x, y]: Point, [u, v]: Point): Box {
  return { x: Math.min(x, u), y: Math.min(y, v), width: Math.abs(u - x), height: Math.abs(v - y) };
}

/** The part that lies on the image, to a tenth of a pixel. */
export function inside({ x, y, width, height }: Box, { columns, rows }: { columns: number; rows: number }): Box {
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  const [left, right] = [x, x + width].map((value) => tenth(Math.min(Math.max(value, 0), columns)));
  const [top, bottom] = [y, y + height].map((value) => tenth(Math.min(Math.max(value, 0), rows)));
  return {
    x: left ?? 0,
    y: top ?? 0,
    width: tenth((right ?? 0) - (left ?? 0)),
    height: tenth((bottom ?? 0) - (top ?? 0)),
  };
}

/** It has an inside. */
export function isBox({ width, height }: Box): boolean {
  return width >= 1 && height >= 1;
}

/** One of four corners, clockwise, goes elsewhere; the one across from it stays. */
export function resized(corners: readonly Point[], which: number, to: Point): Corners {
  return [corners[(which + 2) % 4] ?? to, to];
}

export function shifted([[x, y], [u, v]]: Corners, [dx, dy]: Point): Corners {
  return [
    [x + dx, y + dy],
    [u + dx, v + dy],
  ];
}
