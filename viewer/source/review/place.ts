/** Where a finding is, in words. */

import type { Finding } from '../service/types';
import { say } from './words';

/** Side and zone; '' when neither is determined. */
export function placeInWords({ side, zone }: Pick<Finding, 'side' | 'zone'>): string {
  return [side, zone].flatMap((word) => (word ? [say(word)] : [])).join(', ');
}
