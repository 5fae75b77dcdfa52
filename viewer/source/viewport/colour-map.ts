/** Colours of a heatmap: lightness rises evenly with probability, so that they can be told apart without seeing hues. */

/** Red, green, blue from 0 to 1 in equal steps; the service's own pictures have the same colours (plasma). */
const STOPS = [
  [13, 8, 135],
  [84, 2, 163],
  [139, 10, 165],
  [185, 50, 137],
  [219, 92, 104],
  [244, 136, 73],
  [254, 188, 43],
  [240, 249, 33],
] as const;

/** Below this, nothing is painted: a place that says nothing for or against a finding has a few tenths. */
const LEAST = 0.4;

/** RGBA of 8 bits for values of 0 to 1; opacity rises from 0 at what is least to 1. */
export function coloured(values: Float32Array): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(values.length * 4);
  const table = Array.from({ length: 256 }, (_, step) => colourOf(step / 255));
  values.forEach((value, place) => {
    const [red = 0, green = 0, blue = 0] = table[Math.round(value * 255)] ?? [];
    out.set([red, green, blue, opacityOf(value) * 255], place * 4);
  });
  return out;
}

export function opacityOf(value: number): number {
  return Math.min(Math.max((value - LEAST) / (1 - LEAST), 0), 1);
}

export function colourOf(value: number): [number, number, number] {
  const at = Math.min(Math.max(value, 0), 1) * (STOPS.length - 1);
  const below = STOPS[Math.floor(at)] ?? STOPS[0];
  const above = STOPS[Math.ceil(at)] ?? below;
  const share = at - Math.floor(at);
  const mixed = (place: 0 | 1 | 2): number => below[place] + (above[place] - below[place]) * share;
  return [mixed(0), mixed(1), mixed(2)];
}
