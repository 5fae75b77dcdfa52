/** A finding's heatmap, fetched once and kept: as colours to lay over the radiograph, and as lines. */

import { askBytes } from '../service/client';
import { coloured } from './colour-map';
import { contours, type Line } from './contours';

export interface Heat {
  /** Its grid is the radiograph's, made smaller. */
  columns: number;
  rows: number;
  /** Transparent below what is painted. */
  picture: ImageBitmap;
  /** Around places where the finding is more likely than not: an SVG's path, in points of the grid. */
  outline: string;
}

/** The line that every picture of the service draws. */
const MORE_LIKELY_THAN_NOT = 0.5;
const WIDTH = 512;
const KEPT = 32;
const kept = new Map<string, Promise<Heat>>();
const here = new Map<string, Heat>();

/** One that is here already; `null`: it must be waited for. */
export function heatAtHand(path: string): Heat | null {
  return here.get(path) ?? null;
}

/** By its path. Throws a `Problem`; a heatmap that failed is fetched again the next time. */
export function heatOf(path: string): Promise<Heat> {
  const found = kept.get(path);
  if (found) return found;
  const fetched = fetchHeat(path);
  kept.set(path, fetched);
  fetched.then(
    (heat) => here.set(path, heat),
    () => kept.delete(path),
  );
  for (const oldest of [...kept.keys()].slice(0, Math.max(kept.size - KEPT, 0))) {
    kept.delete(oldest);
    here.delete(oldest);
  }
  return fetched;
}

async function fetchHeat(path: string): Promise<Heat> {
  const { bytes } = await askBytes(`${path}?style=grey&width=${WIDTH}`);
  const grey = await createImageBitmap(new Blob([bytes]), { colorSpaceConversion: 'none' });
  const [columns, rows] = [grey.width, grey.height];
  const context = new OffscreenCanvas(columns, rows).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('The browser must be able to draw a picture; it is not.');
  context.drawImage(grey, 0, 0);
  const { data } = context.getImageData(0, 0, columns, rows);
  const values = Float32Array.from({ length: columns * rows }, (_, place) => (data[place * 4] ?? 0) / 255);
  const picture = await createImageBitmap(new ImageData(coloured(values), columns, rows));
  return { columns, rows, picture, outline: pathOf(contours(values, columns, rows, MORE_LIKELY_THAN_NOT)) };
}

function pathOf(lines: Line[]): string {
  return lines.map(([x0, y0, x1, y1]) => `M${x0} ${y0}L${x1} ${y1}`).join('');
}
