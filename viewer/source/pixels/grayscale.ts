/**
 * Stored values become values to be shown: Modality LUT, VOI LUT or window, polarity (PS3.3, C.11; PS3.4, N.2).
 *
 * What is linear stays with the pixels as slope, intercept and window; what is a curve is put into them, at 16 bits.
 * The rules are those of the reader (model/grayscale.py), so that reader and radiologist see the same greys.
 */

import { number, numbers, text, type DataSet } from './attributes';
import { asStored, type Pixels, type Range, type Stored } from './stored';
import { wholeWindow, type Rescale, type Window } from './window';

/** A table of LUT Data, with where it begins (PS3.3, C.11.1.1.1, C.11.2.1.1). */
export interface Table {
  /**
   * Input value of the first entry, a 16-bit word whose sign is the input's; what is below it has its value, what is
   * above the last one has that one's.
   */
  first: number;
  /** Bits of the entries. */
  bits: number;
  entries: Uint16Array;
}

/** What is to be shown, without loss: `pixels` go through slope and intercept, then the window. */
export interface Grayscale extends Rescale {
  pixels: Pixels;
  /** Windows that the file offers, or one over all values when it offers none. */
  windows: [Window, ...Window[]];
  /** Smallest and greatest of `pixels`. */
  extent: Range;
  /** The same, padding left out. */
  range: Range;
  /** High values are dark. */
  inverted: boolean;
}

type Curve = (value: number) => number;

const FULL = 65535;
/** Of an image for processing: the open field and the collimator are still in it. */
const PERCENTILES = [0.005, 0.995] as const;

/** What is to be shown of these pixels; `modality` and `voi` are the file's tables, where it has such. */
export function grayscale(stored: Stored, dataSet: DataSet, modality?: Table, voi?: Table): Grayscale {
  const inverted = isInverted(dataSet);
  const rescale = modality ? { slope: 1, intercept: 0 } : rescaleOf(dataSet);
  const table = modality && withSign(modality, stored.signed);
  const valueOf: Curve = table
    ? (value) => entryOf(table, value)
    : (value) => value * rescale.slope + rescale.intercept;
  const least = Math.min(...codes(stored.bits, stored.signed).map(valueOf));
  const shape = voi ? tableShape(withSign(voi, least < 0)) : sigmoidOf(dataSet);
  if (shape)
    return withoutPadding(
      stored,
      baked(stored, (value) => shape(valueOf(value)), inverted),
    );
  const isRaw = text(dataSet, 'PresentationIntentType') === 'FOR PROCESSING';
  const windows = windowsOf(dataSet);
  const curve = windows.length === 0 && isRaw ? intensityOf(dataSet, least, valueOf) : null;
  const shown = curve
    ? logarithmic(stored, curve, inverted)
    : modality
      ? tabled(stored, valueOf, inverted)
      : { pixels: stored.pixels, ...rescale, extent: stored.extent, range: stored.range, inverted };
  const first = windows[0] ?? automatic(shown, stored, isRaw);
  return withoutPadding(stored, { ...shown, windows: [first, ...windows.slice(1)] });
}

type Shown = Omit<Grayscale, 'windows'>;

function rescaleOf(dataSet: DataSet): Rescale {
  const slope = number(dataSet, 'RescaleSlope') ?? 1;
  if (slope === 0) throw new Error('Rescale Slope must not be 0.');
  return { slope, intercept: number(dataSet, 'RescaleIntercept') ?? 0 };
}

/** MONOCHROME1 and Presentation LUT Shape INVERSE say the same (PS3.3, C.8.11.3.1.2): both together invert once. */
function isInverted(dataSet: DataSet): boolean {
  const sign = number(dataSet, 'PixelIntensityRelationshipSign');
  if (text(dataSet, 'PresentationIntentType') === 'FOR PROCESSING' && sign !== undefined) return sign > 0;
  const inverse = text(dataSet, 'PresentationLUTShape') === 'INVERSE';
  return inverse || text(dataSet, 'PhotometricInterpretation') === 'MONOCHROME1';
}

function withSign(table: Table, signed: boolean): Table {
  return { ...table, first: asStored(table.first, signed) };
}

function entryOf({ first, entries }: Table, value: number): number {
  const index = Math.min(Math.max(Math.round(value) - first, 0), entries.length - 1);
  return entries[index] ?? 0;
}

/** A VOI LUT's output as a share of its range. Some writers say fewer bits than their entries have. */
function tableShape(table: Table): Curve {
  const most = table.entries.reduce((one, other) => Math.max(one, other), 0);
  const bits = Math.max(table.bits, 32 - Math.clz32(most));
  return (value) => entryOf(table, value) / (2 ** bits - 1);
}

function sigmoidOf(dataSet: DataSet): Curve | null {
  const [center, width] = [number(dataSet, 'WindowCenter'), number(dataSet, 'WindowWidth')];
  if (text(dataSet, 'VOILUTFunction') !== 'SIGMOID' || center === undefined || !width || width < 0) return null;
  return (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width));
}

/** For processing, proportional to intensity (PS3.3, C.8.11.3.1.2): the logarithm, as film has it. */
function intensityOf(dataSet: DataSet, least: number, valueOf: Curve): Curve | null {
  if (text(dataSet, 'PixelIntensityRelationship') !== 'LIN') return null;
  return (value) => Math.log(Math.max(valueOf(value) - Math.min(least, 0) + 1, 1));
}

function codes(bits: number, signed: boolean): Range {
  return signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
}

/** Shares of 0 to 1, put into the pixels: the window over them is the whole. */
function baked(stored: Stored, share: Curve, inverted: boolean): Grayscale {
  const pixels = through(stored, (value) => share(value) * FULL);
  const window: Window = { center: FULL / 2, width: FULL, shape: 'LINEAR_EXACT' };
  return { pixels, slope: 1, intercept: 0, windows: [window], extent: [0, FULL], range: [0, FULL], inverted };
}

function tabled(stored: Stored, valueOf: Curve, inverted: boolean): Shown {
  const pixels = through(stored, valueOf);
  const [extent, range] = [ends(stored.extent, valueOf), ends(stored.range, valueOf)];
  return { pixels, slope: 1, intercept: 0, extent, range, inverted };
}

function logarithmic(stored: Stored, curve: Curve, inverted: boolean): Shown {
  const most = Math.max(...ends(stored.extent, curve), 1e-9);
  const scaled: Curve = (value) => (curve(value) / most) * FULL;
  const [extent, range] = [ends(stored.extent, scaled), ends(stored.range, scaled)];
  return { pixels: through(stored, scaled), slope: most / FULL, intercept: 0, extent, range, inverted };
}

/** Smallest and greatest value of a curve, which need not rise, over a range of stored values. */
function ends([low, high]: Range, curve: Curve): Range {
  let [least, most] = [Infinity, -Infinity];
  for (let value = low; value <= high; value++) {
    const out = Math.round(curve(value));
    if (out < least) least = out;
    if (out > most) most = out;
  }
  return [least, most];
}

function through({ pixels, extent: [low, high] }: Stored, curve: Curve): Uint16Array {
  const table = new Uint16Array(high - low + 1);
  for (let value = low; value <= high; value++)
    table[value - low] = Math.min(Math.max(Math.round(curve(value)), 0), FULL);
  const out = new Uint16Array(pixels.length);
  for (let place = 0; place < pixels.length; place++) out[place] = table[(pixels[place] ?? 0) - low] ?? 0;
  return out;
}

/** Padding is black, whatever the polarity. */
function withoutPadding({ pixels, isPadding, range, extent }: Stored, shown: Grayscale): Grayscale {
  if (!isPadding || (range[0] === extent[0] && range[1] === extent[1])) return shown;
  const dark = darkest(shown);
  const out = shown.pixels === pixels ? shown.pixels.slice() : shown.pixels;
  for (let place = 0; place < pixels.length; place++) if (isPadding(pixels[place] ?? 0)) out[place] = dark;
  const [low, high] = shown.range;
  return { ...shown, pixels: out, extent: [Math.min(low, dark), Math.max(high, dark)] };
}

function darkest({ pixels, inverted, slope }: Grayscale): number {
  const bits = pixels.BYTES_PER_ELEMENT * 8;
  const signed = pixels instanceof Int8Array || pixels instanceof Int16Array;
  return codes(bits, signed)[inverted !== slope < 0 ? 1 : 0];
}

function windowsOf(dataSet: DataSet): Window[] {
  const widths = numbers(dataSet, 'WindowWidth');
  const shape = text(dataSet, 'VOILUTFunction') === 'LINEAR_EXACT' ? 'LINEAR_EXACT' : 'LINEAR';
  const least = shape === 'LINEAR' ? 1 : 1e-6;
  return numbers(dataSet, 'WindowCenter').flatMap((center, place) => {
    const width = widths[place];
    return width === undefined || width < least ? [] : [{ center, width, shape } satisfies Window];
  });
}

/** For an image that brings no window: all values; up to 8 bits, all that there could be; for processing, most. */
function automatic(shown: Shown, { pixels, bits, signed }: Stored, isRaw: boolean): Window {
  if (isRaw) return wholeWindow(percentiles(shown.pixels, shown.range), shown);
  return wholeWindow(bits <= 8 && shown.pixels === pixels ? codes(bits, signed) : shown.range, shown);
}

function percentiles(pixels: Pixels, [low, high]: Range): Range {
  const counts = new Uint32Array(high - low + 1);
  let total = 0;
  for (const value of pixels) {
    if (value < low || value > high) continue;
    counts[value - low] = (counts[value - low] ?? 0) + 1;
    total += 1;
  }
  const [below, above] = PERCENTILES.map((share) => low + placeOf(counts, share * total));
  return [below ?? low, above ?? high];
}

function placeOf(counts: Uint32Array, wanted: number): number {
  let seen = 0;
  for (let value = 0; value < counts.length; value++) {
    seen += counts[value] ?? 0;
    if (seen >= wanted) return value;
  }
  return counts.length - 1;
}
