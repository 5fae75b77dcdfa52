/** What became of a finding since the prior radiograph. */

import type { Finding, Reading } from '../service/types';

export type Change = 'new' | 'gone' | 'higher' | 'lower' | 'same';

/**
 * Probabilities of the same person's radiographs differ by exposure and pose alone. A smaller difference than this is
 * said to be about the same.
 */
export const LEAST = 0.2;

/** Of one finding in two readings of one reader version. */
export function changeOf(now: Finding, before: Finding): Change {
  if (now.present !== before.present) return now.present ? 'new' : 'gone';
  const difference = now.probability - before.probability;
  if (Math.abs(difference) <= LEAST) return 'same';
  return difference > 0 ? 'higher' : 'lower';
}

/** By finding's name; null where the two may not be compared: another reader version, another view, or not read. */
export function changes(now: Reading, before: Reading | null): Map<string, Change> | null {
  if (!before || !comparable(now, before)) return null;
  const then = new Map(before.findings.map((finding) => [finding.name, finding]));
  return new Map(
    now.findings.flatMap((finding) => {
      const earlier = then.get(finding.name);
      return earlier ? [[finding.name, changeOf(finding, earlier)] as const] : [];
    }),
  );
}

function comparable(now: Reading, before: Reading): boolean {
  return [now, before].every((reading) => reading.state === 'read') && now.reader === before.reader;
}
