/** Choices of the reader that more than one part of the page follows; the settings dialog sets them. */

import { preference } from './preferences';

/** urgent | newest: the worklist's order unless its address says otherwise. */
export const defaultSort = preference<string>('worklist.sort', 'urgent');
/** The mouse wheel the other way round. */
export const wheelInverted = preference<boolean>('wheel.inverted', false);
