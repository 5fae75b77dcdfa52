/** Mouse, pen and fingers on a pane. One finger or the first button is the tool; two fingers pan and zoom. */

import { panned, windowed, zoomed, turned, viewOf, type Point } from './look';
import { change, sceneOf, type Pane } from './panes';
import { tool, type Tool } from './tools';

/** What a drag with a tool that does more than change the look is given to. */
export interface Drawing {
  begin: (at: Point) => void;
  move: (at: Point) => void;
  end: () => void;
}

const WHEEL_STEP = 1.0015;

/** Listen to an element; the answer stops it. */
export function listenTo(element: HTMLElement, pane: Pane, drawing: Drawing): () => void {
  const fingers = new Map<number, Point>();
  let using: Tool | null = null;
  const at = (event: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };

  const down = (event: PointerEvent): void => {
    if ((event.target as Element).closest('button, input, select, [data-handle]')) return;
    element.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, at(event));
    if (fingers.size > 1 && using) stop();
    if (fingers.size > 1) return;
    using = event.pointerType === 'mouse' ? toolOf(event) : tool.peek();
    if (draws(using)) drawing.begin(at(event));
  };
  const move = (event: PointerEvent): void => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    if (fingers.size === 2) pinch(pane, [...fingers.values()], before, now);
    else if (using && draws(using)) drawing.move(now);
    else if (using) drag(pane, using, before, now);
    fingers.set(event.pointerId, now);
  };
  const stop = (): void => {
    if (using && draws(using)) drawing.end();
    using = null;
  };
  const up = (event: PointerEvent): void => {
    if (fingers.delete(event.pointerId)) stop();
  };
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 33 : event.deltaY;
    change(pane, (look, scene) => zoomed(look, scene, at(event), WHEEL_STEP ** -pixels));
  };
  const noMenu = (event: Event): void => event.preventDefault();

  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('wheel', wheel, { passive: false });
  element.addEventListener('contextmenu', noMenu);
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('wheel', wheel);
    element.removeEventListener('contextmenu', noMenu);
  };
}

/** The middle button pans, the right one zooms, whatever the tool. */
function toolOf({ button }: PointerEvent): Tool {
  return button === 1 ? 'pan' : button === 2 ? 'zoom' : tool.peek();
}

function draws(using: Tool): boolean {
  return using === 'length' || using === 'angle' || using === 'magnify';
}

function drag(pane: Pane, using: Tool, before: Point, now: Point): void {
  const by: Point = [now[0] - before[0], now[1] - before[1]];
  const [width, height] = pane.size.peek();
  const middle: Point = [width / 2, height / 2];
  const range = pane.facts.peek()?.range ?? [0, 1];
  if (using === 'window') change(pane, (look) => windowed(look, range, by));
  if (using === 'pan') change(pane, (look, scene) => panned(look, scene, by));
  if (using === 'zoom') change(pane, (look, scene) => zoomed(look, scene, middle, 1.01 ** -by[1]));
  if (using === 'rotate') change(pane, (look, scene) => turned(look, scene, degreesBetween(before, now, middle)));
}

function degreesBetween(before: Point, now: Point, around: Point): number {
  const [from, to] = [before, now].map(([x, y]) => Math.atan2(y - around[1], x - around[0]));
  return (((to ?? 0) - (from ?? 0)) * 180) / Math.PI;
}

/** One of two fingers moved: what lay under both lies under both again. */
function pinch(pane: Pane, fingers: Point[], before: Point, now: Point): void {
  const other = fingers.find((finger) => finger[0] !== before[0] || finger[1] !== before[1]);
  const [look, scene] = [pane.look.peek(), sceneOf(pane)];
  if (!other || !look || !scene) return;
  const factor = distance(now, other) / Math.max(distance(before, other), 1);
  const point = viewOf(look, scene).toImage(halfway(before, other));
  change(pane, (old) => {
    const larger = zoomed(old, scene, halfway(before, other), factor);
    const there = viewOf(larger, scene).toCanvas(point);
    const wanted = halfway(now, other);
    return panned(larger, scene, [wanted[0] - there[0], wanted[1] - there[1]]);
  });
}

function distance([x, y]: Point, [u, v]: Point): number {
  return Math.hypot(x - u, y - v);
}

function halfway([x, y]: Point, [u, v]: Point): Point {
  return [(x + u) / 2, (y + v) / 2];
}
