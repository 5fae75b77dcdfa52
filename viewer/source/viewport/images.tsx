/** The images of the open study as they hang: one, or two views side by side, or one beside an earlier study's. */

import { useEffect, useMemo, useRef } from 'preact/hooks';
import { dicomDate } from '../language/dates';
import { WhatWentWrong } from '../parts/what-went-wrong';
import type { Reading, StudyInstance } from '../service/types';
import { chosenInstance, hanging, opened, type Opened } from '../study/opened';
import { comparing, followPrior, prior, priorInstance, priorProblem } from '../study/prior';
import { press } from './keys';
import { Pane } from './pane';
import type { Pane as PaneModel } from './panes';
import { preloadHeat, preloadNext } from './preload';
import { exposeForTests } from './probe';
import { keepTogether } from './together';
import { Toolbar } from './toolbar';
import { say } from './words';
import './viewport.css';

export function Images() {
  const now = opened.value;
  useEffect(() => followPrior(), []);
  useEffect(() => exposeForTests(), []);
  useEffect(() => preloadNext(), []);
  useEffect(() => preloadHeat(), []);
  useEffect(() => {
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  return (
    <div class="viewport" aria-label={say('images')}>
      <Toolbar />
      {now && (comparing.value === null ? <Together now={now} /> : <Beside now={now} />)}
    </div>
  );
}

/** All that hang when nothing is compared: at most two at once, the chosen one among them. */
function Together({ now }: { now: Opened }) {
  const all = hanging(now.study.instances);
  const shown = visible(all, chosenInstance.value);
  return (
    <>
      {all.length > 2 && <Thumbs all={all} />}
      <div class={`viewport-panes viewport-panes-${shown.length}`}>
        {shown.map((instance) => (
          <Pane
            key={instance.sop_instance_uid}
            study={now.study}
            instance={instance}
            reading={readingOf(now, instance)}
            role="alone"
          />
        ))}
      </div>
    </>
  );
}

/** The first two, or the chosen one when it is none of them. */
export function visible(all: StudyInstance[], chosen: string): StudyInstance[] {
  const first = all.slice(0, 2);
  const other = all.slice(2).filter(({ sop_instance_uid }) => sop_instance_uid === chosen);
  return other.length > 0 ? other : first;
}

function Thumbs({ all }: { all: StudyInstance[] }) {
  return (
    <div class="viewport-thumbs" role="group">
      {all.map((instance, place) => (
        <button
          key={instance.sop_instance_uid}
          type="button"
          aria-pressed={instance.sop_instance_uid === chosenInstance.value}
          onClick={() => (chosenInstance.value = instance.sop_instance_uid)}
        >
          {place + 1} {instance.view === 'unknown' ? instance.modality : instance.view}
        </button>
      ))}
    </div>
  );
}

function Beside({ now }: { now: Opened }) {
  const current = now.study.instances.find(({ sop_instance_uid }) => sop_instance_uid === chosenInstance.value);
  const earlier = prior.value;
  const other = priorInstance.value;
  const onPane = usePair();
  return (
    <div class="viewport-panes viewport-panes-2">
      {current && (
        <Pane
          key={current.sop_instance_uid}
          study={now.study}
          instance={current}
          reading={readingOf(now, current)}
          role="current"
          onPane={onPane.first}
        />
      )}
      {earlier && other ? (
        <Pane
          key={other.sop_instance_uid}
          study={earlier.study}
          instance={other}
          reading={readingOf(earlier, other)}
          role="prior"
          onPane={onPane.second}
        />
      ) : (
        <NoPrior />
      )}
    </div>
  );
}

function NoPrior() {
  const problem = priorProblem.value;
  const wanted = opened.value?.study.priors.find(({ study_instance_uid }) => study_instance_uid === comparing.value);
  return (
    <section class="pane pane-empty" data-state={problem ? 'failed' : 'loading'} data-role="prior">
      <div class="pane-corner pane-corner-tr">
        <strong class="pane-prior">{say('priorDate', { date: dicomDate(wanted?.study_date ?? '') })}</strong>
      </div>
      <div class={`pane-note${problem ? ' pane-failed' : ''}`} role={problem ? 'alert' : 'status'}>
        {problem === null && say('priorLoading')}
        {problem === 'other-patient' && say('priorOther')}
        {problem !== null && problem !== 'other-patient' && (
          <>
            {say('priorFailed')} <WhatWentWrong problem={problem} />
          </>
        )}
      </div>
    </section>
  );
}

/** Two panes that come and go are kept together while both are there. */
function usePair() {
  const pair = useRef<{ first: PaneModel | null; second: PaneModel | null; stop: () => void }>({
    first: null,
    second: null,
    stop: () => undefined,
  });
  return useMemo(() => {
    const put = (side: 'first' | 'second') => (pane: PaneModel) => {
      const now = pair.current;
      const join = (): void => {
        now.stop();
        now.stop = now.first && now.second ? keepTogether(now.first, now.second) : () => undefined;
      };
      now[side] = pane;
      join();
      return () => {
        if (now[side] === pane) now[side] = null;
        join();
      };
    };
    return { first: put('first'), second: put('second') };
  }, []);
}

function readingOf({ readings }: Opened, { sop_instance_uid }: StudyInstance): Reading | null {
  const found = readings.get(sop_instance_uid);
  return found && found.state !== 'pending' ? found : null;
}
