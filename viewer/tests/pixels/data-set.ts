/** Data sets to test with: attributes by keyword. */

import { TAGS, type DataSet, type Keyword } from '../../source/pixels/attributes';

export function dataSet(attributes: Partial<Record<Keyword, unknown[] | string | number>>): DataSet {
  return Object.fromEntries(
    Object.entries(attributes).map(([keyword, value]) => [
      TAGS[keyword as Keyword],
      { vr: 'UN', Value: Array.isArray(value) ? value : [value] },
    ]),
  );
}
