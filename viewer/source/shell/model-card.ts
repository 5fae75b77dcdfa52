/** The model card: asked for when somebody opens it. */

import { signal } from '@preact/signals';
import { parse, type Block } from '../parts/markdown';
import { askText, Problem } from '../service/client';
import { reader } from '../study/reader';

/** `null` until it is asked for. */
export const modelCard = signal<readonly Block[] | null>(null);
export const cardProblem = signal<Problem | null>(null);

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
