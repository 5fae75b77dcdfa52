/** Stored values of a frame: bytes become numbers, bits that are not the pixel's are cleared (PS3.5, 8.1.1). */

import { number, type DataSet } from './attributes';

export type Pixels = Uint8Array | Int8Array | Uint16Array | Int16Array;

/** Smallest and greatest value. */
export type Range = readonly [number, number];

/** Pixels with what one look at each of them tells. */
export interface Stored {
  pixels: Pixels;
  /** Of all pixels. */
  extent: Range;
  /** Of those that are not padding; of all, where all are. */
  range: Range;
  isPadding: ((stored: number) => boolean) | null;
  /** Bits Stored. */
  bits: number;
  signed: boolean;
}

/** The bytes of one frame of 8 or 16 bits allocated, little endian, as numbers. */
export function storedPixels(bytes: Uint8Array<ArrayBuffer>, dataSet: DataSet): Pixels {
  const signed = number(dataSet, 'PixelRepresentation') === 1;
  const allocated = number(dataSet, 'BitsAllocated');
  if (allocated === 8) return signed ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes;
  if (allocated !== 16) throw new Error(`Bits Allocated must be 8 or 16; it is ${allocated ?? 'absent'}.`);
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  const length = aligned.length >> 1;
  return signed
    ? new Int16Array(aligned.buffer, aligned.byteOffset, length)
    : new Uint16Array(aligned.buffer, aligned.byteOffset, length);
}

/** Clear, in place, what lies above High Bit or below the lowest stored bit; look for the range on the way. */
export function surveyed(pixels: Pixels, dataSet: DataSet): Stored {
  const width = pixels.BYTES_PER_ELEMENT * 8;
  const bits = Math.min(number(dataSet, 'BitsStored') ?? width, width);
  const signed = number(dataSet, 'PixelRepresentation') === 1;
  const high = Math.min(Math.max(number(dataSet, 'HighBit') ?? bits - 1, bits - 1), width - 1);
  if (bits < width) clear(pixels, 31 - high, 32 - bits, signed);
  const isPadding = paddingOf(dataSet, signed);
  const extent = rangeOf(pixels, null) ?? ([0, 1] as const);
  const range = isPadding ? (rangeOf(pixels, isPadding) ?? extent) : extent;
  return { pixels, extent, range, isPadding, bits, signed };
}

function clear(pixels: Pixels, up: number, down: number, signed: boolean): void {
  for (let place = 0; place < pixels.length; place++) {
    const value = (pixels[place] ?? 0) << up;
    pixels[place] = signed ? value >> down : value >>> down;
  }
}

function rangeOf(pixels: Pixels, isPadding: ((stored: number) => boolean) | null): Range | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const value of pixels) {
    if (value >= low && value <= high) continue;
    if (isPadding?.(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/** Which stored values are padding (PS3.3, C.7.5.1.1.2). Some writers give the number the other sign. */
function paddingOf(dataSet: DataSet, signed: boolean): ((stored: number) => boolean) | null {
  const value = number(dataSet, 'PixelPaddingValue');
  if (value === undefined) return null;
  const limit = number(dataSet, 'PixelPaddingRangeLimit') ?? value;
  const ends = [asStored(value, signed), asStored(limit, signed)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return (stored) => stored >= low && stored <= high;
}

/** A 16-bit number with the sign that the pixels have. */
export function asStored(word: number, signed: boolean): number {
  const low = word & 0xffff;
  return signed && low >= 0x8000 ? low - 0x10000 : low;
}
