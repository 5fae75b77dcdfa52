/** Letters at the edges of an image: towards what they point (PS3.3, C.7.6.1.1.1), turned as the image is. */

import type { Look } from './look';

const OPPOSITE: Record<string, string> = { R: 'L', L: 'R', A: 'P', P: 'A', H: 'F', F: 'H' };

export interface Edgewise {
  top: string;
  right: string;
  bottom: string;
  left: string;
}

/**
 * `orientation` says towards what rows run (to the right) and columns (downwards), e.g. `['L', 'F']`. Nothing where the
 * file says nothing, and nothing while the image stands askew.
 */
export function lettersOf(orientation: readonly string[], { rotation, mirrored }: Look): Edgewise | null {
  const [across, down] = orientation.map(known);
  const turns = rotation / 90;
  if (!across || !down || Math.abs(turns - Math.round(turns)) > 1e-6) return null;
  const right = mirrored ? opposite(across) : across;
  const around = [opposite(down), right, down, opposite(right)]; // top, right, bottom, left
  const [top = '', rightwards = '', bottom = '', left = ''] = around.map(
    (_, place) => around[(place - Math.round(turns) + 8) % 4] ?? '',
  );
  return { top, right: rightwards, bottom, left };
}

/** Up to two letters are shown; what is none of the standard's is nothing. */
function known(word: string): string {
  return /^[RLAPHF]{1,3}$/.test(word) ? word.slice(0, 2) : '';
}

function opposite(word: string): string {
  return Array.from(word, (letter) => OPPOSITE[letter] ?? '').join('');
}
