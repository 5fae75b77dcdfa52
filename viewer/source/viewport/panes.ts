/** What each pane shows and how: the state that toolbar, keys, gestures and layers share. */

import { computed, signal, type Signal } from '@preact/signals';
import type { Facts } from '../pixels/image-loader';
import type { Place } from '../pixels/radiograph';
import { chosenInstance } from '../study/opened';
import { fitted, viewOf, type Look, type Scene, type View } from './look';
import type { Shape } from './measure';

export type PaneState = 'loading' | 'shown' | 'failed';

export interface Pane {
  place: Place;
  state: Signal<PaneState>;
  /** Why nothing is shown, in words for a person. */
  failure: Signal<string>;
  facts: Signal<Facts | null>;
  look: Signal<Look | null>;
  size: Signal<readonly [width: number, height: number]>;
  shapes: Signal<Shape[]>;
  /** Number of the shape that keys are about; 0: none. */
  chosenShape: Signal<number>;
}

/** Those on the screen, by SOP Instance UID. */
export const panes = signal<ReadonlyMap<string, Pane>>(new Map());

/** The one that toolbar and keys are about. */
export const activePane = computed(() => panes.value.get(chosenInstance.value) ?? null);

export function paneOf(place: Place): Pane {
  return {
    place,
    state: signal<PaneState>('loading'),
    failure: signal(''),
    facts: signal<Facts | null>(null),
    look: signal<Look | null>(null),
    size: signal([0, 0] as const),
    shapes: signal<Shape[]>([]),
    chosenShape: signal(0),
  };
}

export function hang(pane: Pane): () => void {
  const { instance } = pane.place;
  panes.value = new Map([...panes.peek(), [instance, pane]]);
  return () => {
    if (panes.peek().get(instance) === pane)
      panes.value = new Map([...panes.peek()].filter(([name]) => name !== instance));
  };
}

/** `null` until there is an image and a place for it. */
export function sceneOf({ facts, size }: Pane): Scene | null {
  const [width, height] = size.value;
  if (!facts.value || width === 0 || height === 0) return null;
  const { columns, rows, spacing } = facts.value;
  return { width, height, columns, rows, ratio: spacing.row / spacing.column };
}

export function paneView(pane: Pane): View | null {
  const [look, scene] = [pane.look.value, sceneOf(pane)];
  return look && scene ? viewOf(look, scene) : null;
}

/** Change how a pane is looked at. */
export function change(pane: Pane, how: (look: Look, scene: Scene) => Look): void {
  const [look, scene] = [pane.look.peek(), sceneOf(pane)];
  if (look && scene) pane.look.value = how(look, scene);
}

export function resized(pane: Pane, width: number, height: number): void {
  const [before, after] = pane.size.peek();
  if (before === width && after === height) return;
  pane.size.value = [width, height];
  change(pane, (look, scene) => (look.fitted ? fitted(look, scene) : look));
}
