/** How an image is looked at, and where its points lie on the screen. Pure: nothing here knows what draws. */

import type { Edges } from '../pixels/window';

/** On the image: pixels from the outer corner of the first one. On the screen: CSS pixels from the pane's corner. */
export type Point = readonly [number, number];

export interface Look {
  /** CSS pixels for one column of the image. */
  scale: number;
  /** The point of the image in the middle of the pane. */
  center: Point;
  /** Degrees, clockwise, after mirroring. */
  rotation: number;
  /** Left and right exchanged. */
  mirrored: boolean;
  edges: Edges;
  inverted: boolean;
  /** The whole image is to be seen, also when the pane changes its size. */
  fitted: boolean;
}

/** What a look is at, and through what. */
export interface Scene {
  width: number;
  height: number;
  columns: number;
  rows: number;
  /** Height of a pixel by its width. */
  ratio: number;
}

/** Between the image's points and the screen's. */
export interface View {
  toCanvas: (point: Point) => Point;
  toImage: (point: Point) => Point;
  /** a to f of a canvas's or an SVG's matrix. */
  matrix: readonly [number, number, number, number, number, number];
}

const LEAST_SIDE = 32;
const MOST_SCALE = 40;

export function viewOf(look: Look, { width, height, ratio }: Scene): View {
  const angle = (look.rotation * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [across, down] = [look.scale * (look.mirrored ? -1 : 1), look.scale * ratio];
  const [a, b, c, d] = [cos * across, sin * across, -sin * down, cos * down];
  const e = width / 2 - a * look.center[0] - c * look.center[1];
  const f = height / 2 - b * look.center[0] - d * look.center[1];
  const determinant = a * d - b * c;
  return {
    matrix: [a, b, c, d, e, f],
    toCanvas: ([x, y]) => [a * x + c * y + e, b * x + d * y + f],
    toImage: ([x, y]) => [(d * (x - e) - c * (y - f)) / determinant, (a * (y - f) - b * (x - e)) / determinant],
  };
}

/** The whole image, as large as it fits. */
export function fitted(look: Look, scene: Scene): Look {
  const { columns, rows, ratio, width, height } = scene;
  const angle = (look.rotation * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const [wide, tall] = [columns * cos + rows * ratio * sin, columns * sin + rows * ratio * cos];
  const scale = Math.min(width / wide, height / tall);
  return { ...look, scale, center: [columns / 2, rows / 2], fitted: true };
}

/** One pixel of the image is one of the screen, edge on edge; what is in the middle stays there. */
export function oneToOne(look: Look, scene: Scene, devicePixelRatio: number): Look {
  const real = { ...look, scale: 1 / devicePixelRatio, fitted: false };
  const [x, y] = viewOf(real, scene).toCanvas([0, 0]);
  const off = (at: number): number => Math.round(at * devicePixelRatio) / devicePixelRatio - at;
  return panned(real, scene, [off(x), off(y)]);
}

/** Larger by a factor; what lies under `at` stays there. */
export function zoomed(look: Look, scene: Scene, at: Point, factor: number): Look {
  const least = LEAST_SIDE / Math.max(scene.columns, scene.rows);
  const scale = Math.min(Math.max(look.scale * factor, least), MOST_SCALE);
  return held({ ...look, scale, fitted: false }, scene, viewOf(look, scene).toImage(at), at);
}

/** Moved over the screen. */
export function panned(look: Look, scene: Scene, [x, y]: Point): Look {
  const center = viewOf(look, scene).toImage([scene.width / 2 - x, scene.height / 2 - y]);
  return { ...look, center, fitted: false };
}

/** Turned around the pane's middle. */
export function turned(look: Look, scene: Scene, degrees: number): Look {
  const rotation = (((look.rotation + degrees) % 360) + 360) % 360;
  const next = { ...look, rotation };
  return look.fitted ? fitted(next, scene) : next;
}

/** Left and right of the screen exchanged. */
export function flippedAcross(look: Look): Look {
  return { ...look, mirrored: !look.mirrored, rotation: (360 - look.rotation) % 360 };
}

/** Top and bottom of the screen exchanged. */
export function flippedDown(look: Look): Look {
  return { ...look, mirrored: !look.mirrored, rotation: (540 - look.rotation) % 360 };
}

/** The look in which a point of the image lies at a point of the screen. */
function held(look: Look, scene: Scene, point: Point, at: Point): Look {
  const now = viewOf(look, scene).toCanvas(point);
  return panned(look, scene, [at[0] - now[0], at[1] - now[1]]);
}

/** Window dragged: to the right it widens, downwards the image gets darker, as everywhere. */
export function windowed(look: Look, range: readonly [number, number], [x, y]: Point): Look {
  const step = (range[1] - range[0]) / 1024;
  const { low, high } = look.edges;
  const half = Math.max((high - low) / 2 + (x * step) / 2, step / 4, 0.25);
  const middle = (low + high) / 2 + (look.inverted ? -y : y) * step;
  return { ...look, edges: { low: middle - half, high: middle + half } };
}
