/** Probabilities as they are said: no finer than they are known. */

import { percent } from '../language/dates';

/** Below one in a hundred and above 99 it is said so; between, whole percentages. */
export function share(probability: number): string {
  if (probability > 0 && probability < 0.01) return `< ${percent(0.01)}`;
  return probability < 1 && probability > 0.99 ? `> ${percent(0.99)}` : percent(probability);
}

/** A threshold: one digit that counts, since many lie at a few percent. */
export function thresholdShare(threshold: number): string {
  const step = threshold < 0.1 ? 1000 : 100;
  const [rounded, digits] = [Math.round(threshold * step) / step, threshold < 0.1 ? 1 : 0];
  return `${(rounded * 100).toFixed(digits)} %`;
}
