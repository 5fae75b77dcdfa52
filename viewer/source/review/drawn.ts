/** The boxes of a draft, for the image. */

import type { Reading } from '../service/types';
import type { Mark } from '../study/marks';
import type { Draft } from './draft';

export function marksOf(reading: Reading, draft: Draft): Mark[] {
  const corrected = Object.entries(draft.verdicts).map(([finding, { box }]) => ({ finding, box }));
  return [...corrected, ...draft.missed].flatMap(({ finding, box }) =>
    box ? [{ instance: reading.sop_instance_uid, finding, box, by: 'reader' as const }] : [],
  );
}
