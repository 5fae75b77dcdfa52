/** The findings of a reading in the order in which they matter. */

import type { Finding } from '../service/types';

/** present: at or above the threshold; near: below it by less than half of its odds; the rest is absent. */
export type Group = 'urgent' | 'present' | 'near' | 'absent' | 'experimental';

export const GROUPS: readonly Group[] = ['urgent', 'present', 'near', 'absent', 'experimental'];
/** Odds over those of the threshold from which on a finding that is absent is near it. */
const NEAR = 0.5;
/** It sums the others up, so it stands last among its like. */
export const SUMMARY = 'Abnormal';

export function groupOf(finding: Finding, urgent: readonly string[]): Group {
  if (finding.experimental) return 'experimental';
  if (finding.present) return urgent.includes(finding.name) ? 'urgent' : 'present';
  return overThreshold(finding) >= NEAR ? 'near' : 'absent';
}

/** All findings by group; in each, the furthest over its threshold first. */
export function grouped(findings: readonly Finding[], urgent: readonly string[]): Record<Group, Finding[]> {
  const sorted = findings.toSorted((one, other) => rank(other) - rank(one));
  const groups: Record<Group, Finding[]> = { urgent: [], present: [], near: [], absent: [], experimental: [] };
  for (const finding of sorted) groups[groupOf(finding, urgent)].push(finding);
  return groups;
}

/** Present findings on which the reader must say something before signing off; the furthest over its threshold first. */
export function toJudge(findings: readonly Finding[]): Finding[] {
  const open = findings.filter((finding) => finding.present && !finding.experimental && finding.name !== SUMMARY);
  return open.toSorted((one, other) => rank(other) - rank(one));
}

/** Odds of the finding by the odds at its threshold. */
export function overThreshold({ probability, threshold }: Finding): number {
  return odds(probability) / Math.max(odds(threshold), 1e-9);
}

/**
 * Where a probability stands on a bar, 0 to 1. The bar is even in log-odds from 1 : 999 to 999 : 1, since thresholds of
 * rare findings lie at a few percent.
 */
export function onBar(probability: number): number {
  const end = Math.log(999);
  return Math.min(1, Math.max(0, (Math.log(Math.max(odds(probability), 1e-9)) + end) / (2 * end)));
}

function odds(probability: number): number {
  return probability / Math.max(1 - probability, 1e-9);
}

function rank(finding: Finding): number {
  return finding.name === SUMMARY ? -1 : overThreshold(finding);
}
