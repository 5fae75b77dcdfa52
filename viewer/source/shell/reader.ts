/** Who reads, and what its model card says: asked once. */

import { signal } from '@preact/signals';
import { parse, type Block } from '../parts/markdown';
import { askJson, askText, Problem } from '../service/client';
import type { ReaderInformation } from '../service/types';

export const reader = signal<ReaderInformation | null>(null);
/** `null` until it is asked for; empty when there is none. */
export const modelCard = signal<readonly Block[] | null>(null);
export const cardProblem = signal<Problem | null>(null);

export async function learnReader(): Promise<void> {
  reader.value = await quietly(() => askJson<ReaderInformation>('/api/reader'));
}

export async function fetchCard(): Promise<void> {
  cardProblem.value = null;
  const address = reader.value?.model_card;
  if (modelCard.value || !address) return;
  try {
    modelCard.value = parse(await askText(address));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    cardProblem.value = problem;
  }
}

async function quietly<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return null; // the header goes without, and asks again with the next page
  }
}
