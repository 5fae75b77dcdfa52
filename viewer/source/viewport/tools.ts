/** The tools, and what they do to the pane that is looked at. */

import { signal } from '@preact/signals';
import { edgesOf, wholeWindow, type Window } from '../pixels/window';
import type { Facts } from '../pixels/image-loader';
import { fitted, flippedAcross, flippedDown, oneToOne, panned, turned, zoomed, type Look, type Point } from './look';
import { activePane, change, type Pane } from './panes';

/** What dragging with the first button, or with one finger, does. */
export const TOOLS = ['window', 'pan', 'zoom', 'rotate', 'magnify', 'length', 'angle'] as const;
export type Tool = (typeof TOOLS)[number];
export const tool = signal<Tool>('window');

const ZOOM_STEP = 1.25;
const PAN_STEP = 60;

/** How an image is looked at first. */
export function firstLook(facts: Facts): Look {
  return {
    scale: 1,
    center: [0, 0],
    rotation: 0,
    mirrored: false,
    edges: edgesOf(facts.windows[0], facts),
    inverted: facts.inverted !== facts.slope < 0,
    fitted: true,
  };
}

export const ACTIONS = {
  fit: () => act((pane) => change(pane, fitted)),
  oneToOne: () => act((pane) => change(pane, (look, scene) => oneToOne(look, scene, window.devicePixelRatio))),
  zoomIn: () => act((pane) => change(pane, (look, scene) => zoomed(look, scene, middle(pane), ZOOM_STEP))),
  zoomOut: () => act((pane) => change(pane, (look, scene) => zoomed(look, scene, middle(pane), 1 / ZOOM_STEP))),
  left: () => pan([PAN_STEP, 0]),
  right: () => pan([-PAN_STEP, 0]),
  up: () => pan([0, PAN_STEP]),
  down: () => pan([0, -PAN_STEP]),
  rotateRight: () => act((pane) => change(pane, (look, scene) => turned(look, scene, 90))),
  rotateLeft: () => act((pane) => change(pane, (look, scene) => turned(look, scene, -90))),
  flipAcross: () => act((pane) => change(pane, flippedAcross)),
  flipDown: () => act((pane) => change(pane, flippedDown)),
  invert: () => act((pane) => change(pane, (look) => ({ ...look, inverted: !look.inverted }))),
  reset: () => act(reset),
  deleteShape: () => act(deleteShape),
} as const;
export type Action = keyof typeof ACTIONS;

export function useWindow(chosen: Window): void {
  act((pane) => {
    const facts = pane.facts.peek();
    if (facts) change(pane, (look) => ({ ...look, edges: edgesOf(chosen, facts) }));
  });
}

/** Every value of the image has its own grey. */
export function wholeRange(facts: Facts): Window {
  return wholeWindow(facts.range, facts);
}

/** The file's own windows, then the whole range; what is offered twice is offered once. */
export function presets(facts: Facts): Window[] {
  const all = [...facts.windows, wholeRange(facts)];
  const same = (one: Window, other: Window): boolean => one.center === other.center && one.width === other.width;
  return all.filter((one, place) => all.findIndex((other) => same(one, other)) === place);
}

/** The next of the windows that are offered. */
export function nextWindow(): void {
  const [pane, facts] = [activePane.peek(), activePane.peek()?.facts.peek()];
  if (!pane || !facts) return;
  const offered = presets(facts);
  const now = pane.look.peek()?.edges;
  const at = offered.findIndex((one) => edgesOf(one, facts).low === now?.low && edgesOf(one, facts).high === now.high);
  const next = offered[(at + 1) % offered.length];
  if (next) useWindow(next);
}

function act(how: (pane: Pane) => void): void {
  const pane = activePane.peek();
  if (pane) how(pane);
}

function pan(by: Point): void {
  act((pane) => change(pane, (look, scene) => panned(look, scene, by)));
}

function middle({ size }: Pane): Point {
  const [width, height] = size.peek();
  return [width / 2, height / 2];
}

function reset(pane: Pane): void {
  const facts = pane.facts.peek();
  if (facts) change(pane, (_, scene) => fitted(firstLook(facts), scene));
}

/** The chosen one, or else the last one. */
function deleteShape(pane: Pane): void {
  const all = pane.shapes.peek();
  const chosen = pane.chosenShape.peek() || all.at(-1)?.id;
  pane.shapes.value = all.filter(({ id }) => id !== chosen);
  pane.chosenShape.value = 0;
}
