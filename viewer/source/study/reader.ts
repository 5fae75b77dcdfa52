/** Who reads here, as the service says it: asked once. */

import { computed, signal } from '@preact/signals';
import { askJson, Problem } from '../service/client';
import type { ReaderInformation } from '../service/types';

export const reader = signal<ReaderInformation | null>(null);
/** Those that put a study on top of the worklist. */
export const urgentFindings = computed<readonly string[]>(() => reader.value?.urgent_findings ?? []);
/** The closed list that a missed finding is chosen from. */
export const knownFindings = computed<readonly string[]>(() => reader.value?.known_findings ?? []);

export async function learnReader(): Promise<void> {
  if (reader.value) return;
  try {
    reader.value = await askJson<ReaderInformation>('/api/reader');
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem; // the page goes without, and asks again with the next one
  }
}
