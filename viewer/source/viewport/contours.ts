/** Lines around the places where a grid reaches a level, by marching squares. */

/** A piece of a line: from and to, in points of the grid, whose first cell's outer corner is (0, 0). */
export type Line = readonly [x0: number, y0: number, x1: number, y1: number];

/** `values` holds rows of `columns`; a value stands for the middle of its cell. */
export function contours(values: Float32Array, columns: number, rows: number, level: number): Line[] {
  const lines: Line[] = [];
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= columns || row >= rows ? 0 : (values[row * columns + column] ?? 0);
  for (let row = -1; row < rows; row++)
    for (let column = -1; column < columns; column++) {
      const corners = [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)];
      const crossings = crossingsOf(corners, level);
      for (let place = 0; place + 1 < crossings.length; place += 2) {
        const [x0, y0] = crossings[place] ?? [0, 0];
        const [x1, y1] = crossings[place + 1] ?? [0, 0];
        lines.push([column + 0.5 + x0, row + 0.5 + y0, column + 0.5 + x1, row + 0.5 + y1]);
      }
    }
  return lines;
}

/** The square's corners, clockwise from the upper left one. */
const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

/** Where the level crosses the square's sides, in pairs that belong together. */
function crossingsOf(corners: number[], level: number): [number, number][] {
  const crossings: [number, number][] = [];
  CORNERS.forEach((from, place) => {
    const to = CORNERS[(place + 1) % 4] ?? from;
    const [one, other] = [corners[place] ?? 0, corners[(place + 1) % 4] ?? 0];
    if (one >= level === other >= level) return;
    const share = (level - one) / (other - one);
    crossings.push([from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
  });
  return crossings;
}
