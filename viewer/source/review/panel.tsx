/** The side of the reading room: what the AI says of the chosen image, and what the radiologist makes of it. */

import { useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { dicomDate } from '../language/dates';
import { freeFocus } from '../parts/focus';
import { useShortcutHelp } from '../parts/shortcuts';
import type { Reading } from '../service/types';
import { marks } from '../study/marks';
import { chosenInstance, chosenReading, hanging, opened } from '../study/opened';
import { changes } from './change';
import { draftFor } from './drafts';
import { Earlier, Overtaken } from './earlier';
import { Facts } from './facts';
import { FindingsList } from './findings-list';
import { NotRead } from './image-state';
import { help, press } from './keys';
import { marksOf } from './drawn';
import { Missed } from './missed';
import { learnReader } from '../study/reader';
import { SignOffBar } from './sign-off-bar';
import { say } from './words';
import './review.css';

/** The prior that the reader compares with. */
export interface Before {
  /** DICOM DA. */
  date: string;
  /** null: it was not read, or not yet. */
  reading: Reading | null;
}

interface Said {
  before: Before | null;
  /** Called when the study is signed off: on to the next one. */
  signedOff: () => void;
  /** What else can be done, at the panel's end. */
  children?: ComponentChildren;
}

export function Panel({ before, signedOff, children }: Said) {
  useEffect(() => void learnReader(), []);
  useShortcutHelp(help);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && press(event, signedOff)) event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [signedOff]);
  useSignalEffect(() => {
    marks.value = [...(opened.value?.readings.values() ?? [])].flatMap((reading) =>
      reading.state === 'pending' ? [] : marksOf(reading, draftFor(reading.reading_id)),
    );
  });
  const now = opened.value;
  if (!now) return null;
  const reading = now.readings.get(chosenInstance.value);
  const said = chosenReading.value;
  return (
    <aside
      class="review-panel"
      aria-label={say('findings')}
      data-state={reading?.state ?? 'pending'}
      onMouseDown={freeFocus}
    >
      <Notice reading={said} />
      <div class="review-scroll">
        <Flags />
        <Tabs />
        {said && <Overtaken reading={said} />}
        {said?.state === 'read' ? <Read reading={said} before={before} /> : <NotRead reading={reading} />}
        {said && <Missed />}
        {said?.state === 'read' && <Facts reading={said} />}
        {said && <Earlier reading={said} />}
      </div>
      <SignOffBar signedOff={signedOff}>{children}</SignOffBar>
    </aside>
  );
}

function Read({ reading, before }: { reading: Reading; before: Before | null }) {
  const since = changes(reading, before?.reading ?? null);
  return (
    <>
      {before && (
        <p class="review-quiet" data-comparable={since !== null} title={say('changeRule')}>
          {since
            ? say('againstPrior', { date: dicomDate(before.date) })
            : say('notComparable', { reader: before.reading?.reader ?? '–' })}
        </p>
      )}
      <FindingsList reading={reading} since={since} />
    </>
  );
}

function Notice({ reading }: { reading: Reading | null }) {
  return (
    <header class="review-notice">
      <strong class="review-ai">{say('ai')}</strong>{' '}
      {reading && (
        <span title={say('notice')}>
          {say('readBy', { reader: reading.reader })} · {say('notVerified')}
        </span>
      )}
    </header>
  );
}

function Flags() {
  const study = opened.value?.study;
  const said = study?.flags.map((flag) =>
    flag === 'shared-study-uid' ? say('sharedUid', { count: study.patients }) : say('conflict'),
  );
  return said?.length ? (
    <ul role="alert" class="review-loud review-flags">
      {said.map((words) => (
        <li key={words}>{words}</li>
      ))}
    </ul>
  ) : null;
}

/** One tab an image, in the order in which they hang. */
function Tabs() {
  const now = opened.value;
  const images = hanging(now?.study.instances ?? []);
  if (!now || images.length < 2) return null;
  return (
    <div role="tablist" aria-label={say('images')} class="review-tabs">
      {images.map((image, place) => (
        <button
          key={image.sop_instance_uid}
          type="button"
          role="tab"
          aria-selected={image.sop_instance_uid === chosenInstance.value}
          data-state={image.state}
          onClick={(event) => {
            chosenInstance.value = image.sop_instance_uid;
            if (event.detail > 0) event.currentTarget.blur();
          }}
        >
          {image.view === 'unknown' ? say('image', { number: place + 1 }) : image.view}
          {image.state !== 'read' && <span class="review-warn"> · {say(STATES[image.state])}</span>}
        </button>
      ))}
    </div>
  );
}

const STATES = { pending: 'pending', refused: 'refused', failed: 'failed' } as const;
