/** Which of a study's findings have room in a row. */

import type { Study } from '../service/types';

type Strongest = NonNullable<Study['instances'][number]['strongest']>;

/** The strongest finding: one of the study's marked findings before another that is present before one that is not; then the more probable. */
export function strongestOf({ instances, findings }: Study): Strongest | null {
  const found = instances.flatMap((one) => (one.strongest ? [one.strongest] : []));
  const weight = ({ name, present, probability }: Strongest): number =>
    (findings.includes(name) ? 4 : 0) + (present ? 2 : 0) + probability;
  return found.toSorted((one, other) => weight(other) - weight(one))[0] ?? null;
}

/** What is urgent comes first, and what says least last. */
export function inOrder(findings: readonly string[], urgent: readonly string[]): string[] {
  const weight = (name: string): number => Number(urgent.includes(name)) - Number(name === 'Abnormal');
  return findings.toSorted((one, other) => weight(other) - weight(one));
}
