import { describe, expect, test } from 'vitest';
import { boxBetween, inside, isBox, resized, shifted } from '../../source/viewport/box';
import { colourOf, opacityOf } from '../../source/viewport/colour-map';
import { contours } from '../../source/viewport/contours';
import type { Look, Point } from '../../source/viewport/look';
import { angleOf, lengthOf, roundLength, type Shape } from '../../source/viewport/measure';
import { lettersOf } from '../../source/viewport/orientation';
import { wordsOf } from '../../source/viewport/shapes';

const SIZE = { columns: 100, rows: 80 };

describe('boxes', () => {
  test.each<[Point, Point]>([
    [
      [10, 20],
      [30, 50],
    ],
    [
      [30, 50],
      [10, 20],
    ],
    [
      [30, 20],
      [10, 50],
    ],
  ])('between %j and %j', (from, to) => {
    expect(boxBetween(from, to)).toEqual({ x: 10, y: 20, width: 20, height: 30 });
  });

  test.each([
    ['inside', { x: 1, y: 2, width: 3, height: 4 }, { x: 1, y: 2, width: 3, height: 4 }],
    ['over the edge', { x: -5, y: 70, width: 10, height: 20 }, { x: 0, y: 70, width: 5, height: 10 }],
    ['to a tenth', { x: 1.234, y: 2, width: 3, height: 4.06 }, { x: 1.2, y: 2, width: 3, height: 4.1 }],
  ])('%s', (_, box, expected) => expect(inside(box, SIZE)).toEqual(expected));

  test('outside it has no inside', () => {
    expect(isBox(inside({ x: 120, y: 2, width: 3, height: 4 }, SIZE))).toBe(false);
  });

  test('a corner goes, the one across from it stays', () => {
    const corners: Point[] = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
    ];
    expect(boxBetween(...resized(corners, 1, [20, 5]))).toEqual({ x: 0, y: 5, width: 20, height: 5 });
  });

  test('shifted', () => {
    const moved = shifted(
      [
        [0, 0],
        [4, 4],
      ],
      [1, 2],
    );
    expect(boxBetween(...moved)).toEqual({ x: 1, y: 2, width: 4, height: 4 });
  });
});

describe('measurements', () => {
  const length: Shape = {
    id: 1,
    kind: 'length',
    points: [
      [0, 0],
      [30, 40],
    ],
  };
  const square = { row: 0.2, column: 0.2 };

  test.each([
    ['no size', { row: 1, column: 1, unit: 'px', at: 'nowhere' } as const, '50 px'],
    ['at the detector', { ...square, unit: 'mm', at: 'detector' } as const, '10.0 mm at the detector'],
    ['at the patient', { ...square, unit: 'mm', at: 'patient' } as const, '10.0 mm'],
  ])('a length with %s', (_, spacing, expected) => expect(wordsOf(length, spacing)).toBe(expected));

  test('of pixels that are not square', () => {
    expect(lengthOf(length.points, { row: 2, column: 1, unit: 'px', at: 'nowhere' })).toBeCloseTo(Math.hypot(30, 80));
  });

  test.each<[points: Point[], degrees: number]>([
    [
      [
        [10, 0],
        [0, 0],
        [0, 10],
      ],
      90,
    ],
    [
      [
        [10, 0],
        [0, 0],
        [10, 10],
      ],
      45,
    ],
    [
      [
        [-10, 1],
        [0, 0],
        [-10, -1],
      ],
      11.42,
    ],
  ])('the angle of %j', (points, degrees) => {
    expect(angleOf(points, { row: 1, column: 1, unit: 'px', at: 'nowhere' })).toBeCloseTo(degrees, 1);
  });

  test.each([
    [160, 100],
    [99, 50],
    [34, 20],
    [1.5, 1],
    [0.7, 0.5],
  ])('a bar of at most %d mm is %d mm long', (most, length) => expect(roundLength(most)).toBeCloseTo(length));
});

describe('letters at the edges', () => {
  const look = (rotation: number, mirrored = false): Look => ({ rotation, mirrored }) as Look;
  test.each([
    ['frontal', ['L', 'F'], look(0), 'H L F R'],
    ['turned to the right', ['L', 'F'], look(90), 'R H L F'],
    ['turned by half', ['L', 'F'], look(180), 'F R H L'],
    ['mirrored', ['L', 'F'], look(0, true), 'H R F L'],
    ['mirrored and turned', ['L', 'F'], look(270, true), 'R F L H'],
    ['lateral', ['P', 'F'], look(0), 'H P F A'],
    ['oblique', ['LA', 'F'], look(0), 'H LA F RP'],
  ])('%s', (_, orientation, how, expected) => {
    const letters = lettersOf(orientation, how);
    expect([letters?.top, letters?.right, letters?.bottom, letters?.left].join(' ')).toBe(expected);
  });

  test.each([
    ['the file says nothing', [], look(0)],
    ['it says what is none', ['LEFT', '<b>'], look(0)],
    ['the image stands askew', ['L', 'F'], look(30)],
  ])('none where %s', (_, orientation, how) => expect(lettersOf(orientation, how)).toBeNull());
});

describe('heatmaps', () => {
  test('a line closes around what reaches the level', () => {
    const values = new Float32Array(25);
    values[12] = 1;
    const lines = contours(values, 5, 5, 0.5);
    expect(lines).toHaveLength(4);
    for (const [x, y] of lines.flatMap(([x0, y0, x1, y1]) => [[x0, y0] as const, [x1, y1] as const]))
      expect(Math.abs(x - 2.5) + Math.abs(y - 2.5)).toBeCloseTo(0.5);
  });

  test('at the edge it closes, too', () => {
    expect(contours(new Float32Array(4).fill(1), 2, 2, 0.5).length).toBeGreaterThan(0);
  });

  test('nothing is painted below 0.4', () => {
    expect([0, 0.39, 0.4, 0.7, 1].map(opacityOf)).toEqual([0, 0, 0, expect.closeTo(0.5) as number, 1]);
  });

  test('lightness rises with every step, so hues need not be seen', () => {
    const lightness = Array.from({ length: 21 }, (_, step) => {
      const [red, green, blue] = colourOf(step / 20);
      return 0.2126 * (red / 255) ** 2.2 + 0.7152 * (green / 255) ** 2.2 + 0.0722 * (blue / 255) ** 2.2;
    });
    expect(lightness).toEqual(lightness.toSorted((one, other) => one - other));
  });
});
