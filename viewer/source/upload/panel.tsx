/** How far the upload is, and what became of each file. */

import { language } from '../language/language';
import { CloseIcon } from '../parts/icons';
import { WhatWentWrong } from '../parts/what-went-wrong';
import { share, size } from './progress';
import { FATES, TROUBLES } from './receipts';
import {
  canRetry,
  clear,
  counts,
  isBusy,
  items,
  passedOver,
  progress,
  retry,
  stop,
  unreadable,
  waits,
  type Item,
} from './uploads';
import { say } from './words';

/** Lines that are shown; of a large folder the rest is counted above. */
const SHOWN = 300;

export function UploadPanel() {
  const isEmpty = items.value.length + passedOver.value + unreadable.value.length === 0;
  if (isEmpty) return null;
  return (
    <section class="upload-panel" aria-label={say('title')} data-state={stateNow()}>
      <div class="upload-line">
        <Bar />
        {isBusy.value && (
          <button type="button" class="button" onClick={stop}>
            {say('stop')}
          </button>
        )}
        {canRetry.value && (
          <button type="button" class="button" title={say('retryWhy')} onClick={retry}>
            {say('retry')}
          </button>
        )}
        {!isBusy.value && (
          <button type="button" class="button-bare" aria-label={say('close')} onClick={clear}>
            <CloseIcon />
          </button>
        )}
      </div>
      <Counts />
      <Details />
    </section>
  );
}

function Bar() {
  const { bytes, sent } = progress.value;
  const spoken = say('bytes', { sent: size(sent, language.value), all: size(bytes, language.value) });
  return (
    <label class="upload-bar">
      <span>{waits.value ? say('busy', { seconds: waits.value }) : `${say('title')}: ${spoken}`}</span>
      <progress max={1} value={share(progress.value)} />
    </label>
  );
}

function Counts() {
  const shown = FATES.filter((fate) => counts.value.has(fate));
  return (
    <p class="upload-counts" role="status">
      {shown.map((fate) => (
        <span key={fate} data-fate={fate} data-trouble={TROUBLES.has(fate)}>
          <b>{counts.value.get(fate)}</b> {say(fate)}
        </span>
      ))}
      {passedOver.value > 0 && <span>{say('passedOver', { count: passedOver.value })}</span>}
      {unreadable.value.length > 0 && (
        <span data-trouble="true">{say('unreadable', { names: unreadable.value.join(', ') })}</span>
      )}
    </p>
  );
}

/** Those that a person must look at first. */
function Details() {
  const trouble = (item: Item): number => Number(item.receipts.some(({ fate }) => TROUBLES.has(fate)));
  const sorted = items.value.toSorted((one, other) => trouble(other) - trouble(one));
  const hasTrouble = sorted.some((item) => trouble(item) > 0);
  return (
    <details class="upload-details" open={hasTrouble && !isBusy.value}>
      <summary>{say('details')}</summary>
      <ul>
        {sorted.slice(0, SHOWN).map((item) => (
          <Line key={item.id} item={item} />
        ))}
      </ul>
    </details>
  );
}

function Line({ item }: { item: Item }) {
  return (
    <li>
      <span class="upload-path">{item.path}</span>
      {item.receipts.map((receipt, place) => (
        <span key={place} class="upload-fate" data-fate={receipt.fate} data-trouble={TROUBLES.has(receipt.fate)}>
          {receipt.entry !== null && `${say('entry', { number: receipt.entry + 1 })}: `}
          {say(receipt.fate)}
          {receipt.why && (
            <>
              . <WhatWentWrong problem={receipt.why} />
            </>
          )}
        </span>
      ))}
    </li>
  );
}

function stateNow(): string {
  if (waits.value) return 'waiting';
  if (isBusy.value) return 'sending';
  return [...counts.value.keys()].some((fate) => TROUBLES.has(fate)) ? 'trouble' : 'done';
}
