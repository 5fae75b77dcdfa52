/** Windows (PS3.3, C.11.2.1.2): which values are black and which are white. */

/** In values behind the Modality LUT. */
export interface Window {
  center: number;
  width: number;
  shape: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
}

/** Between which pixel values grey rises: at `low` it is 0, at `high` 1. */
export interface Edges {
  low: number;
  high: number;
}

/** How pixel values become values behind the Modality LUT. */
export interface Rescale {
  slope: number;
  intercept: number;
}

/** Where a window is, in pixel values; `low` is the lower one whatever the slope's sign. A width of 1 is a threshold. */
export function edgesOf(window: Window, { slope, intercept }: Rescale): Edges {
  const { center, width, shape } = window;
  const exact = shape !== 'LINEAR';
  const half = Math.max(exact ? width : width - 1, 1e-3) / 2;
  const middle = exact ? center : center - 0.5;
  const ends = [(middle - half - intercept) / slope, (middle + half - intercept) / slope];
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** The same edges as a linear window, for a reader. */
export function windowOf({ low, high }: Edges, { slope, intercept }: Rescale): Window {
  const ends = [low * slope + intercept, high * slope + intercept];
  return {
    center: (Math.min(...ends) + Math.max(...ends) + 1) / 2,
    width: Math.max(...ends) - Math.min(...ends) + 1,
    shape: 'LINEAR',
  };
}

/** Grey, 0 to 1, of a pixel value. */
export function greyOf(value: number, { low, high }: Edges, inverted: boolean): number {
  const grey = Math.min(Math.max((value - low) / (high - low), 0), 1);
  return inverted ? 1 - grey : grey;
}

/** A window in which every value of a range has its own grey. */
export function wholeWindow([low, high]: readonly [number, number], { slope, intercept }: Rescale): Window {
  const ends = [low * slope + intercept, high * slope + intercept];
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  return { center: (least + most) / 2, width: Math.max(most - least, 1e-3), shape: 'LINEAR_EXACT' };
}
