/** What paints: WebGL where there is a graphics card, the processor where there is none. */

import { preference } from '../parts/preferences';

/** auto, gl or cpu. */
export const renderer = preference<string>('renderer', 'auto');
