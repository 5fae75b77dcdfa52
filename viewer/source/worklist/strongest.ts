/** The strongest finding of a study, of those that its images have. */

import type { Study } from '../service/types';

type Strongest = NonNullable<Study['instances'][number]['strongest']>;

/** One of the study's marked findings before another that is present before one that is not; then the more probable. */
export function strongestOf({ instances, findings }: Study): Strongest | null {
  const found = instances.flatMap((one) => (one.strongest ? [one.strongest] : []));
  const weight = ({ name, present, probability }: Strongest): number =>
    (findings.includes(name) ? 4 : 0) + (present ? 2 : 0) + probability;
  return found.toSorted((one, other) => weight(other) - weight(one))[0] ?? null;
}
