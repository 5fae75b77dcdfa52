/** One finding: what the AI says of it, and what the reader says of that. */

import type { Finding } from '../service/types';
import { findingName } from '../language/findings';
import { chosenFinding } from '../study/opened';
import { choose, judgeFinding, add } from './acting';
import { Bar } from './bar';
import type { Change } from './change';
import { remark } from './draft';
import { change, chosenDraft } from './drafts';
import { SUMMARY, type Group } from './order';
import { share, thresholdShare } from './percentages';
import { placeInWords } from './place';
import { say } from './words';

interface Row {
  finding: Finding;
  group: Group;
  /** Its key, from 1; 0: none. */
  digit: number;
  /** Since the prior; undefined: not comparable. */
  since: Change | undefined;
}

export function FindingRow({ finding, group, digit, since }: Row) {
  const chosen = chosenFinding.value === finding.name;
  const judged = chosenDraft.value.verdicts[finding.name];
  const name = findingName(finding.name);
  return (
    <li
      class={`review-finding${chosen ? ' review-chosen' : ''}`}
      data-finding={finding.name}
      data-group={group}
      data-verdict={judged?.verdict ?? ''}
    >
      <div class="review-line">
        <button
          type="button"
          class="review-name"
          aria-pressed={chosen}
          title={say('show', { finding: name })}
          onClick={(event) => {
            choose(finding.name);
            if (event.detail > 0) event.currentTarget.blur(); // so that Enter signs off
          }}
        >
          {digit > 0 && <kbd>{digit}</kbd>}{' '}
          <span class={judged?.verdict === 'rejected' ? 'review-struck' : ''}>{name}</span>
        </button>
        {since && since !== 'same' && (
          <span class={`review-change review-change-${since}`}>{say(`since_${since}`)}</span>
        )}
        <span class="review-share">{share(finding.probability)}</span>
        <Verdicts finding={finding} name={name} />
      </div>
      <Said
        finding={finding}
        since={since}
        chosen={chosen}
        whole={chosen || group === 'urgent' || group === 'present'}
      />
      {judged && chosen && (
        <input
          class="review-remark"
          aria-label={say('remark', { finding: name })}
          placeholder={say('remark', { finding: name })}
          maxLength={2000}
          value={judged.comment}
          onInput={(event) => {
            const text = event.currentTarget.value;
            change((draft) => remark(draft, finding.name, text), `remark ${finding.name}`);
          }}
        />
      )}
    </li>
  );
}

interface Shown {
  finding: Finding;
  since: Change | undefined;
  chosen: boolean;
  whole: boolean;
}

/** Bar, place, threshold and what it is worth. */
function Said({ finding, since, chosen, whole }: Shown) {
  const { sensitivity, specificity, data, sentence } = finding.operating_point;
  const isKnown = sensitivity > 0 || specificity > 0;
  return (
    <>
      <Bar {...finding} />
      {whole && (
        <div class="review-said" title={sentence}>
          {finding.present && finding.name !== SUMMARY && (
            <span>
              {placeInWords(finding) || (finding.location_certain && say('nowhere'))}
              {!finding.location_certain && <strong class="review-uncertain"> {say('locationUncertain')}</strong>}
            </span>
          )}
          <span>
            {say('threshold', { value: thresholdShare(finding.threshold) })} ·{' '}
            {isKnown
              ? say(chosen ? 'operatingPoint' : 'operatingPointShort', {
                  sensitivity: share(sensitivity),
                  specificity: share(specificity),
                  data: dataInWords(data),
                })
              : say('operatingPointUnknown')}
            {since === 'same' && ` · ${say('since_same')}`}
          </span>
        </div>
      )}
    </>
  );
}

/** The held-out patients, as manifests of ours name them, in the page's language; others as they are. */
function dataInWords(data: string): string {
  const count = /^(\d+) test radiographs$/.exec(data)?.[1];
  return count === undefined ? data : say('testRadiographs', { count });
}

const VERDICTS = [
  ['accepted', 'accept', '✓'],
  ['rejected', 'reject', '✗'],
  ['corrected', 'correct', '▢'],
] as const;

function Verdicts({ finding, name }: { finding: Finding; name: string }) {
  if (!finding.present)
    return (
      <button type="button" class="review-small" title={say('itIsThere')} onClick={() => add(finding.name)}>
        <span aria-hidden="true">+</span> <span class="review-unseen">{`${say('itIsThere')}: ${name}`}</span>
      </button>
    );
  const now = chosenDraft.value.verdicts[finding.name]?.verdict;
  return (
    <span class="review-verdicts">
      {VERDICTS.map(([verdict, words, sign]) => (
        <button
          key={verdict}
          type="button"
          class={`review-small review-${verdict}`}
          aria-pressed={now === verdict}
          aria-label={`${say(words)}: ${name}`}
          title={say(words)}
          onClick={(event) => {
            judgeFinding(finding, verdict);
            if (event.detail > 0) event.currentTarget.blur();
          }}
        >
          <span aria-hidden="true">{sign}</span>
        </button>
      ))}
    </span>
  );
}
