/** What the service says of its reader: asked once, when a study is first opened. */

import { computed, signal } from '@preact/signals';
import { askJson, Problem } from '../service/client';
import type { ReaderInformation } from '../service/types';

const information = signal<ReaderInformation | null>(null);

export const urgentFindings = computed<readonly string[]>(() => information.value?.urgent_findings ?? []);
/** The closed list that a missed finding is chosen from. */
export const knownFindings = computed<readonly string[]>(() => information.value?.known_findings ?? []);

export async function learnReader(): Promise<void> {
  if (information.value) return;
  try {
    information.value = await askJson<ReaderInformation>('/api/reader');
  } catch (error) {
    if (!(error instanceof Problem)) throw error; // without it nothing is urgent, and it is asked again
  }
}
