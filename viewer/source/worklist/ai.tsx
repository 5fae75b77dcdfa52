/** What the reader says of a study, in a line. What was not read says so, and never looks like nothing was found. */

import { percent } from '../language/dates';
import { findingName } from '../language/findings';
import type { Study } from '../service/types';
import { urgentFindings } from '../study/reader';
import { refusalWord } from './refusal-words';
import { inOrder, strongestOf } from './strongest';
import { say } from './words';

/** Findings that have room in a row, in a narrow window and in others. */
const SHOWN = { narrow: 2, wide: 3 };
const NARROW = '(max-width: 1100px)';

export function AiOf({ study }: { study: Study }) {
  if (study.state === 'pending') return <Without why={say('pendingWhy')} />;
  if (study.state === 'failed') return <Without why={say('failedWhy')} />;
  if (study.state === 'refused') return <Without why={say('refusedWhy', { code: codesOf(study) })} />;
  const refused = study.instances.filter((one) => one.state === 'refused').length;
  return (
    <>
      <span class="worklist-findings">
        <b class="worklist-ai">{say('ai')}</b>
        {study.findings.length > 0 ? <Present study={study} /> : <span>{say('aiNothing')}</span>}
      </span>
      <span class="worklist-second">
        <Strongest study={study} />
        {refused > 0 && (
          <span class="worklist-partly">{say('someRefused', { count: refused, all: study.instances.length })}</span>
        )}
      </span>
    </>
  );
}

function Without({ why }: { why: string }) {
  return (
    <>
      <span class="worklist-without">{say('aiNo')}</span>
      <span class="worklist-second">{why}</span>
    </>
  );
}

function Present({ study }: { study: Study }) {
  const findings = inOrder(study.findings, urgentFindings.value);
  const room = SHOWN[matchMedia(NARROW).matches ? 'narrow' : 'wide'];
  return (
    <>
      {findings.slice(0, room).map((name) => (
        <span key={name} class="worklist-chip" data-urgent={urgentFindings.value.includes(name)}>
          {findingName(name)}
        </span>
      ))}
      {findings.length > room && (
        <span title={findings.slice(room).map(findingName).join(', ')}>
          {say('more', { count: findings.length - room })}
        </span>
      )}
    </>
  );
}

function Strongest({ study }: { study: Study }) {
  const strongest = strongestOf(study);
  if (!strongest) return null;
  const isMarked = study.findings.includes(strongest.name);
  return (
    <span>
      {say('strongest', { finding: findingName(strongest.name), percent: percent(strongest.probability) })}
      {!isMarked && `, ${say('experimental')}`}
    </span>
  );
}

function codesOf(study: Study): string {
  const codes = study.instances.flatMap((one) => (one.refusal ? [refusalWord(one.refusal)] : []));
  return [...new Set(codes)].join(', ');
}
