/** Stored values become values to be shown: Modality LUT, VOI LUT, window, polarity (PS3.3, C.11; PS3.4, N.2). */

import { number, numbers, text, type DataSet } from './attributes';

export type Pixels = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** A table of LUT Data, with where it begins (PS3.3, C.11.1.1.1, C.11.2.1.1). */
export interface Table {
  /** Input value of the first entry; what is below it has its value, what is above the last one has that one's. */
  first: number;
  /** Bits of the entries. */
  bits: number;
  entries: Uint16Array;
}

/** A linear or sigmoid window in values after the Modality LUT (PS3.3, C.11.2.1.2, C.11.2.1.3). */
export interface Window {
  center: number;
  width: number;
  shape: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
}

/** What is to be shown, without loss: `pixels` go through slope and intercept, then the window. */
export interface Grayscale {
  pixels: Pixels;
  slope: number;
  intercept: number;
  /** Windows that the file offers, or one over all values when it offers none. */
  windows: [Window, ...Window[]];
  /** Smallest and greatest of `pixels`, padding left out. */
  range: [number, number];
  /** High values are dark. */
  inverted: boolean;
}

/** The bytes of one frame of 8 or 16 bits allocated, little endian, as numbers. */
export function storedPixels(bytes: Uint8Array<ArrayBuffer>, dataSet: DataSet): Pixels {
  const signed = number(dataSet, 'PixelRepresentation') === 1;
  const allocated = number(dataSet, 'BitsAllocated');
  if (allocated === 8) return signed ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes;
  if (allocated !== 16) throw new Error(`Bits Allocated must be 8 or 16; it is ${allocated ?? 'absent'}.`);
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const length = aligned.length >> 1;
  const pixels = new Uint16Array(aligned.buffer, aligned.byteOffset, length);
  return signed ? new Int16Array(aligned.buffer, aligned.byteOffset, length) : pixels;
}

/** Bits above Bits Stored are not the pixel's (they held overlays once): cleared, the sign carried up. */
export function clearUnusedBits(pixels: Pixels, dataSet: DataSet): void {
  const width = pixels.BYTES_PER_ELEMENT * 8;
  const stored = number(dataSet, 'BitsStored') ?? width;
  const unused = 32 - stored;
  if (stored >= width) return;
  const signed = number(dataSet, 'PixelRepresentation') === 1;
  for (let place = 0; place < pixels.length; place++) {
    const value = (pixels[place] ?? 0) << unused;
    pixels[place] = signed ? value >> unused : value >>> unused;
  }
}

/** What is to be shown of these pixels; `modality` and `voi` are the file's tables, where it has such. */
export function grayscale(
  pixels: Pixels,
  dataSet: DataSet,
  modality: Table | undefined,
  voi: Table | undefined,
): Grayscale {
  const slope = number(dataSet, 'RescaleSlope') ?? 1;
  const intercept = number(dataSet, 'RescaleIntercept') ?? 0;
  const rescale = modality ? { slope: 1, intercept: 0 } : { slope: slope === 0 ? 1 : slope, intercept };
  const inverted = isInverted(dataSet);
  const isPadding = paddingOf(dataSet);
  const valued = modality ? through(modality, pixels, (stored) => stored) : pixels;
  if (voi) {
    const shown = through(voi, valued, (value) => value * rescale.slope + rescale.intercept);
    const window: Window = { center: 2 ** (voi.bits - 1), width: 2 ** voi.bits, shape: 'LINEAR' };
    return { pixels: shown, slope: 1, intercept: 0, windows: [window], range: [0, 2 ** voi.bits - 1], inverted };
  }
  const range = rangeOf(valued, pixels, isPadding);
  return { pixels: valued, ...rescale, windows: windowsOf(dataSet, range, rescale), range, inverted };
}

function isInverted(dataSet: DataSet): boolean {
  const shape = text(dataSet, 'PresentationLUTShape');
  // Presentation LUT Shape says it for images made to be shown (PS3.3, C.11.6); it agrees with MONOCHROME1 by rule.
  if (shape === 'INVERSE') return true;
  return shape === '' && text(dataSet, 'PhotometricInterpretation') === 'MONOCHROME1';
}

/** Which stored values are padding (PS3.3, C.7.5.1.1.2). */
function paddingOf(dataSet: DataSet): (stored: number) => boolean {
  const value = number(dataSet, 'PixelPaddingValue');
  if (value === undefined) return () => false;
  const limit = number(dataSet, 'PixelPaddingRangeLimit') ?? value;
  const [low, high] = [Math.min(value, limit), Math.max(value, limit)];
  return (stored) => stored >= low && stored <= high;
}

function through(table: Table, pixels: Pixels, valueOf: (stored: number) => number): Uint16Array {
  const { first, entries } = table;
  const last = entries.length - 1;
  const out = new Uint16Array(pixels.length);
  for (let place = 0; place < pixels.length; place++) {
    const index = Math.round(valueOf(pixels[place] ?? 0)) - first;
    out[place] = entries[index < 0 ? 0 : index > last ? last : index] ?? 0;
  }
  return out;
}

function rangeOf(pixels: Pixels, stored: Pixels, isPadding: (stored: number) => boolean): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let place = 0; place < pixels.length; place++) {
    if (isPadding(stored[place] ?? 0)) continue;
    const value = pixels[place] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

function windowsOf(
  dataSet: DataSet,
  range: [number, number],
  rescale: { slope: number; intercept: number },
): [Window, ...Window[]] {
  const widths = numbers(dataSet, 'WindowWidth');
  const said = text(dataSet, 'VOILUTFunction');
  const shape = said === 'SIGMOID' || said === 'LINEAR_EXACT' ? said : 'LINEAR';
  const offered = numbers(dataSet, 'WindowCenter').flatMap((center, place) => {
    const width = widths[place];
    return width === undefined || width <= 0 ? [] : [{ center, width, shape } satisfies Window];
  });
  const [first, ...others] = offered;
  return first ? [first, ...others] : [wholeWindow(range, rescale)];
}

/** A window in which every value has its own grey. */
export function wholeWindow(
  [low, high]: [number, number],
  { slope, intercept }: { slope: number; intercept: number },
): Window {
  const ends = [low * slope + intercept, high * slope + intercept];
  const width = Math.max(Math.abs((ends[1] ?? 0) - (ends[0] ?? 0)), 1);
  return { center: ((ends[0] ?? 0) + (ends[1] ?? 0)) / 2, width, shape: 'LINEAR_EXACT' };
}
