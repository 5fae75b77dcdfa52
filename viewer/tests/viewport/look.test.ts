import { describe, expect, test } from 'vitest';
import {
  fitted,
  flippedAcross,
  flippedDown,
  oneToOne,
  panned,
  turned,
  viewOf,
  windowed,
  zoomed,
  type Look,
  type Point,
  type Scene,
} from '../../source/viewport/look';

const SCENE: Scene = { width: 800, height: 600, columns: 2000, rows: 1000, ratio: 1 };
const LOOK: Look = {
  scale: 1,
  center: [0, 0],
  rotation: 0,
  mirrored: false,
  edges: { low: 0, high: 100 },
  inverted: false,
  fitted: true,
};
const FIT = fitted(LOOK, SCENE);

function near(found: Point, [x, y]: Point): void {
  expect(found[0]).toBeCloseTo(x, 6);
  expect(found[1]).toBeCloseTo(y, 6);
}

/** Where the image's upper left corner goes when the whole is seen, 800 wide and 400 high in the middle. */
test.each<[what: string, look: Look, corner: Point]>([
  ['as it is', FIT, [0, 100]],
  ['mirrored', flippedAcross(FIT), [800, 100]],
  ['upside down', flippedDown(FIT), [0, 500]],
  ['mirrored twice', flippedAcross(flippedAcross(FIT)), [0, 100]],
  ['both: turned by half', flippedDown(flippedAcross(FIT)), [800, 500]],
  ['a quarter to the right, fitted again', turned(FIT, SCENE, 90), [550, 0]],
  ['a quarter to the left', turned(FIT, SCENE, -90), [250, 600]],
  ['turned, then mirrored on the screen', flippedAcross(turned(FIT, SCENE, 90)), [250, 0]],
])('%s', (_, look, corner) => near(viewOf(look, SCENE).toCanvas([0, 0]), corner));

const ASKEW = turned(flippedAcross(panned(zoomed(FIT, SCENE, [10, 20], 3), SCENE, [30, -40])), SCENE, 33);

test('toImage undoes toCanvas', () => {
  const view = viewOf(ASKEW, SCENE);
  near(view.toImage(view.toCanvas([123, 456])), [123, 456]);
});

test('the matrix says the same', () => {
  const { matrix, toCanvas } = viewOf(ASKEW, SCENE);
  const [a, b, c, d, e, f] = matrix;
  near(toCanvas([7, 11]), [a * 7 + c * 11 + e, b * 7 + d * 11 + f]);
});

test('zooming holds what lies under the pointer', () => {
  const at: Point = [111, 222];
  const under = viewOf(ASKEW, SCENE).toImage(at);
  near(viewOf(zoomed(ASKEW, SCENE, at, 1.7), SCENE).toCanvas(under), at);
});

test('panning moves by the screen’s pixels, however the image stands', () => {
  const [x, y] = viewOf(ASKEW, SCENE).toCanvas([5, 6]);
  near(viewOf(panned(ASKEW, SCENE, [12, -7]), SCENE).toCanvas([5, 6]), [x + 12, y - 7]);
});

test.each([1, 1.5, 2])('1:1 on a screen of %d pixels a point: pixels lie edge on edge', (density) => {
  const look = oneToOne(FIT, { ...SCENE, width: 801, height: 599 }, density);
  const [x, y] = viewOf(look, { ...SCENE, width: 801, height: 599 }).toCanvas([0, 0]);
  expect(look.scale * density).toBe(1);
  expect((x * density) % 1).toBeCloseTo(0, 6);
  expect((y * density) % 1).toBeCloseTo(0, 6);
});

test('pixels that are not square are shown as high as they are', () => {
  const [x, y] = viewOf({ ...LOOK, center: [0, 0] }, { ...SCENE, ratio: 2 }).toCanvas([10, 10]);
  expect([x, y]).toEqual([410, 320]);
});

describe('dragging the window', () => {
  test.each<[what: string, by: Point, inverted: boolean, low: number, high: number]>([
    ['to the right: wider', [100, 0], false, -50, 150],
    ['down: darker, the window goes up', [0, 10], false, 10, 110],
    ['down, inverted: darker, the window goes down', [0, 10], true, -10, 90],
  ])('%s', (_, by, inverted, low, high) => {
    expect(windowed({ ...LOOK, inverted }, [0, 1024], by).edges).toEqual({ low, high });
  });

  test('it never closes', () => {
    const { low, high } = windowed(LOOK, [0, 1024], [-5000, 0]).edges;
    expect(high).toBeGreaterThan(low);
  });
});
