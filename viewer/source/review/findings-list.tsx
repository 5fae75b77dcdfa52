/** The findings of the chosen image: what matters first, what is absent collapsed, what is experimental apart. */

import type { Reading } from '../service/types';
import { shownOrder } from './acting';
import type { Change } from './change';
import { FindingRow } from './finding-row';
import { grouped, type Group } from './order';
import { urgentFindings } from '../study/reader';
import { say } from './words';

interface Listed {
  reading: Reading;
  since: ReadonlyMap<string, Change> | null;
}

export function FindingsList({ reading, since }: Listed) {
  const groups = grouped(reading.findings, urgentFindings.value);
  const rows = (group: Group) => (
    <ul class="review-list">
      {groups[group].map((finding) => (
        <FindingRow
          key={finding.name}
          finding={finding}
          group={group}
          digit={digitOf(finding.name)}
          since={since?.get(finding.name)}
        />
      ))}
    </ul>
  );
  const isAnyPresent = groups.urgent.length + groups.present.length > 0;
  return (
    <section aria-label={say('findings')} class="review-findings">
      {!isAnyPresent && <p class="review-none">{say('nonePresent')}</p>}
      {(['urgent', 'present', 'near'] as const).map(
        (group) =>
          groups[group].length > 0 && (
            <div key={group} class={`review-group review-group-${group}`}>
              <h3>{say(group)}</h3>
              {rows(group)}
            </div>
          ),
      )}
      {(['absent', 'experimental'] as const).map(
        (group) =>
          groups[group].length > 0 && (
            <details key={group} class={`review-group review-group-${group}`}>
              <summary>{say(group, { count: groups[group].length })}</summary>
              {rows(group)}
            </details>
          ),
      )}
    </section>
  );
}

/** The key that chooses a finding; 0: none. */
function digitOf(name: string): number {
  const place = shownOrder.value.findIndex((finding) => finding.name === name) + 1;
  return place <= 9 ? place : 0;
}
