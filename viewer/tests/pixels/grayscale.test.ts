import { describe, expect, test } from 'vitest';
import type { Keyword } from '../../source/pixels/attributes';
import { grayscale, type Table } from '../../source/pixels/grayscale';
import { storedPixels, surveyed } from '../../source/pixels/stored';
import { edgesOf, greyOf } from '../../source/pixels/window';
import { dataSet } from './data-set';

type Attributes = Partial<Record<Keyword, unknown[] | string | number>>;

/** Grey, 0 to 1, of these 16-bit words, as it is on the screen at first. */
function greys(words: number[], attributes: Attributes, modality?: Table, voi?: Table): number[] {
  const given = dataSet({ BitsAllocated: 16, BitsStored: 16, PhotometricInterpretation: 'MONOCHROME2', ...attributes });
  const pixels = storedPixels(new Uint8Array(Uint16Array.from(words).buffer), given);
  const shown = grayscale(surveyed(pixels, given), given, modality, voi);
  const edges = edgesOf(shown.windows[0], shown);
  const inverted = shown.inverted !== shown.slope < 0;
  return Array.from(shown.pixels, (value) => greyOf(value, edges, inverted));
}

const CASES: [what: string, words: number[], attributes: Attributes, grey: number[]][] = [
  ['12 bits without a window: smallest to largest', [100, 600, 1100], { BitsStored: 12 }, [0, 0.5, 1]],
  ['8 stored bits without a window: all of them', [0, 51, 102], { BitsStored: 8 }, [0, 0.2, 0.4]],
  ['10, 15 bits', [0, 1023], { BitsStored: 10 }, [0, 1]],
  ['15 bits', [0, 8192, 32768 - 1], { BitsStored: 15 }, [0, 8192 / 32767, 1]],
  ['16 bits', [0, 65535], {}, [0, 1]],
  ['signed', [0xfc18, 0, 1000], { PixelRepresentation: 1 }, [0, 0.5, 1]],
  ['signed 12 bits, sign carried up', [0x0fff, 0, 1], { PixelRepresentation: 1, BitsStored: 12 }, [0, 0.5, 1]],
  ['bits above High Bit are not the pixel’s', [0xf000, 0x0fff], { BitsStored: 12, HighBit: 11 }, [0, 1]],
  ['bits below the lowest stored bit neither', [0x000f, 0xfff0], { BitsStored: 12, HighBit: 15 }, [0, 1]],
  ['MONOCHROME1', [0, 100], { PhotometricInterpretation: 'MONOCHROME1' }, [1, 0]],
  ['Presentation LUT Shape INVERSE', [0, 100], { PresentationLUTShape: 'INVERSE' }, [1, 0]],
  ['both invert once', [0, 100], { PhotometricInterpretation: 'MONOCHROME1', PresentationLUTShape: 'INVERSE' }, [1, 0]],
  [
    'MONOCHROME1 is believed beside IDENTITY',
    [0, 100],
    { PhotometricInterpretation: 'MONOCHROME1', PresentationLUTShape: 'IDENTITY' },
    [1, 0],
  ],
  [
    'LINEAR: c - 0.5 is the middle, w - 1 the width',
    [0, 127, 255],
    { WindowCenter: 128, WindowWidth: 256 },
    [0, 127 / 255, 1],
  ],
  ['a width of 1 is a threshold', [99, 100], { WindowCenter: 100, WindowWidth: 1 }, [0, 1]],
  [
    'LINEAR_EXACT',
    [0, 64, 128, 256],
    { WindowCenter: 128, WindowWidth: 256, VOILUTFunction: 'LINEAR_EXACT' },
    [0, 0.25, 0.5, 1],
  ],
  [
    'SIGMOID',
    [0, 100, 200],
    { WindowCenter: 100, WindowWidth: 100, VOILUTFunction: 'SIGMOID' },
    [1 / (1 + Math.exp(4)), 0.5, 1 / (1 + Math.exp(-4))],
  ],
  ['the first of several windows', [0, 10], { WindowCenter: [5.5, 100], WindowWidth: [11, 50] }, [0, 1]],
  ['a window that is none is passed over', [0, 10], { WindowCenter: [5, 5.5], WindowWidth: [0, 11] }, [0, 1]],
  [
    'slope and intercept before the window',
    [0, 50, 100],
    { RescaleSlope: 2, RescaleIntercept: -100, WindowCenter: 0.5, WindowWidth: 201 },
    [0, 0.5, 1],
  ],
  [
    'a negative slope turns the greys',
    [0, 25, 100],
    { RescaleSlope: -1, RescaleIntercept: 100, WindowCenter: 50.5, WindowWidth: 101 },
    [1, 0.75, 0],
  ],
  ['padding is black and no part of the range', [0, 500, 1000], { PixelPaddingValue: 0 }, [0, 0, 1]],
  [
    'and black in MONOCHROME1, too',
    [0, 500, 1000],
    { PixelPaddingValue: 0, PhotometricInterpretation: 'MONOCHROME1' },
    [0, 1, 0],
  ],
  ['a range of padding', [0, 5, 500, 1000], { PixelPaddingValue: 0, PixelPaddingRangeLimit: 9 }, [0, 0, 0, 1]],
  [
    'for processing: the sign of the relationship decides, values of intensity are made film’s',
    [0, 9, 99],
    {
      PresentationIntentType: 'FOR PROCESSING',
      PixelIntensityRelationship: 'LIN',
      PixelIntensityRelationshipSign: 1,
    },
    [1, 0.5, 0],
  ],
];

test.each(CASES)('%s', (_, words, attributes, expected) => {
  const found = greys(words, attributes);
  expected.forEach((grey, place) => expect(found[place]).toBeCloseTo(grey, 3));
});

describe('tables', () => {
  const table = (entries: number[], first: number, bits: number): Table => ({
    entries: Uint16Array.from(entries),
    first,
    bits,
  });

  test('a Modality LUT stands in for the slope; beyond its ends, the ends hold', () => {
    const lut = table([0, 1000, 4000], 1, 12);
    expect(greys([0, 1, 2, 3, 9], { RescaleSlope: 7 }, lut)).toEqual([0, 0, 0.25, 1, 1]);
  });

  test.each([
    ['16 bits', [0, 65535], 16, [0, 1]],
    ['8 bits', [51, 255], 8, [0.2, 1]],
    ['more bits than it says', [0, 4095], 8, [0, 1]],
  ])('a VOI LUT of %s stands in for the window', (_, entries, bits, expected) => {
    const found = greys([10, 11], { WindowCenter: 1, WindowWidth: 2 }, undefined, table(entries, 10, bits));
    expected.forEach((grey, place) => expect(found[place]).toBeCloseTo(grey, 4));
  });

  test('the first value has the sign that the input has', () => {
    const lut = table([0, 65535], 0xffff, 16);
    expect(greys([0xffff, 0], { PixelRepresentation: 1 }, undefined, lut)).toEqual([0, 1]);
  });

  test('MONOCHROME1 turns what a VOI LUT says', () => {
    const lut = table([0, 65535], 0, 16);
    expect(greys([0, 1], { PhotometricInterpretation: 'MONOCHROME1' }, undefined, lut)).toEqual([1, 0]);
  });
});

test.each([
  [{ BitsAllocated: 32 }, /Bits Allocated must be 8 or 16; it is 32/],
  [{ RescaleSlope: 0 }, /Rescale Slope must not be 0/],
])('%j is refused', (attributes, message) => {
  expect(() => greys([0, 1], attributes)).toThrow(message);
});

test('bytes that begin at an odd address are read', () => {
  const given = dataSet({ BitsAllocated: 16 });
  expect([...storedPixels(new Uint8Array([9, 1, 2, 3, 4]).subarray(1), given)]).toEqual([0x0201, 0x0403]);
});

test('8 bits allocated, signed', () => {
  const given = dataSet({ BitsAllocated: 8, PixelRepresentation: 1 });
  expect([...storedPixels(new Uint8Array([0x80, 0x7f]), given)]).toEqual([-128, 127]);
});
