/** Who reviews: the account that is signed in, or where nobody signs in a name that the reader gives once. */

import { computed, signal } from '@preact/signals';
import { preference } from './preferences';

/** Kept in this browser; what reviews carry where nobody is signed in. */
export const reviewer = preference<string>('reviewer', '');
/** Name of the account; '' where nobody is signed in. The service puts it into reviews by itself. */
export const signedInAs = signal<string>('');

/** What a review says of it: null where the service knows who is signed in, '' when nobody said. */
export const reviewerToSend = computed(() => (signedInAs.value ? null : reviewer.value.trim()));
/** As it is known here; '' when nobody said. */
export const reviewerName = computed(() => signedInAs.value || reviewer.value.trim());
