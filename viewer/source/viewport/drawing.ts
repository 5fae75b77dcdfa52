/** Measurements drawn by dragging; a handle moves a point afterwards. */

import type { Drawing } from './gestures';
import { CORNERS, type Shape } from './measure';
import type { Point } from './look';
import { paneView, type Pane } from './panes';
import { tool } from './tools';

const LEAST = 4; // CSS pixels: what is shorter was a tap

let numbers = 0;

/** A length is one drag. An angle is a drag and then the end of its second arm, by another drag or tap. */
export function measuring(pane: Pane): Drawing {
  let drawn = 0;
  return {
    begin: (at) => {
      const point = imagePoint(pane, at);
      if (!point) return;
      const open = pane.shapes.peek().find(isOpen);
      drawn = open ? open.id : ++numbers;
      const kind = tool.peek() === 'angle' ? 'angle' : 'length';
      if (open) put(pane, { ...open, points: [...open.points, point] });
      else put(pane, { id: drawn, kind, points: [point, point] });
    },
    move: (at) => {
      const [point, shape] = [imagePoint(pane, at), pane.shapes.peek().find(({ id }) => id === drawn)];
      if (point && shape) put(pane, { ...shape, points: [...shape.points.slice(0, -1), point] });
    },
    end: () => {
      const shape = pane.shapes.peek().find(({ id }) => id === drawn);
      if (shape && isTap(pane, shape)) pane.shapes.value = pane.shapes.peek().filter(({ id }) => id !== drawn);
      pane.chosenShape.value = drawn;
      drawn = 0;
    },
  };
}

/** An angle whose second arm is still to be drawn. */
export function isOpen({ kind, points }: Shape): boolean {
  return points.length < CORNERS[kind];
}

export function movePoint(pane: Pane, id: number, which: number, to: Point): void {
  const shape = pane.shapes.peek().find((one) => one.id === id);
  if (shape) put(pane, { ...shape, points: shape.points.map((point, place) => (place === which ? to : point)) });
}

function put(pane: Pane, shape: Shape): void {
  const others = pane.shapes.peek().filter(({ id }) => id !== shape.id);
  pane.shapes.value = [...others, shape].toSorted((one, other) => one.id - other.id);
}

function imagePoint(pane: Pane, at: Point): Point | undefined {
  return paneView(pane)?.toImage(at);
}

function isTap(pane: Pane, { points: [from, to] }: Shape): boolean {
  const view = paneView(pane);
  if (!from || !to || !view) return true;
  const [[x, y], [u, v]] = [view.toCanvas(from), view.toCanvas(to)];
  return Math.hypot(u - x, v - y) < LEAST;
}
