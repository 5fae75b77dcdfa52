/** Findings that the reader adds: the closed list, searched in the page's language, or the reader's own words. */

import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { findingName } from '../language/findings';
import { boxWanted } from '../study/marks';
import { add, adding, drawMissed } from './acting';
import { changeMissed, removeMissed } from './draft';
import { change, chosenDraft } from './drafts';
import { knownFindings } from '../study/reader';
import { matching } from './search';
import { say } from './words';

export function Missed() {
  return (
    <section class="review-missed">
      <ul class="review-list">
        {chosenDraft.value.missed.map((one, place) => (
          <li key={place} class="review-finding review-added" data-missed={one.finding}>
            <div class="review-line">
              <span class="review-name">
                {findingName(one.finding)}{' '}
                <span class="review-quiet">
                  {say('added')}
                  {one.box && `, ${say('boxDrawn')}`}
                </span>
              </span>
              <button type="button" class="review-small" onClick={() => drawMissed(place)}>
                {say(one.box ? 'redrawBox' : 'drawBox')}
              </button>
              <button
                type="button"
                class="review-small"
                aria-label={`${say('remove')}: ${findingName(one.finding)}`}
                title={say('remove')}
                onClick={() => change((draft) => removeMissed(draft, place))}
              >
                <span aria-hidden="true">✗</span>
              </button>
            </div>
            <input
              class="review-remark"
              aria-label={say('remark', { finding: findingName(one.finding) })}
              placeholder={say('remark', { finding: findingName(one.finding) })}
              maxLength={2000}
              value={one.comment}
              onInput={(event) => {
                const comment = event.currentTarget.value;
                change((draft) => changeMissed(draft, place, { comment }), `missed ${place}`);
              }}
            />
          </li>
        ))}
      </ul>
      {boxWanted.value && (
        <p role="status" class="review-warn">
          {say('drawing', { finding: findingName(boxWanted.value.finding) })}
        </p>
      )}
      {adding.value ? (
        <Search />
      ) : (
        <button type="button" onClick={() => (adding.value = true)}>
          <kbd>M</kbd> {say('missed')}
        </button>
      )}
    </section>
  );
}

/** Arrow keys choose, Enter adds, Escape closes. */
function Search() {
  const text = useSignal('');
  const at = useSignal(0);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const found = matching(knownFindings.value, text.value, findingName);
  const take = (name: string | undefined) => {
    const chosen = name ?? text.value.trim().slice(0, 64);
    if (chosen !== '') add(chosen);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') at.value = Math.min(at.value + 1, found.length - 1);
    else if (event.key === 'ArrowUp') at.value = Math.max(at.value - 1, 0);
    else if (event.key === 'Enter') take(found[at.value]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="review-search">
      <input
        ref={field}
        role="combobox"
        aria-expanded="true"
        aria-controls="review-known"
        aria-activedescendant={`review-known-${at.value}`}
        aria-label={say('missedSearch')}
        placeholder={say('missedSearch')}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          at.value = 0;
        }}
        onKeyDown={press}
      />
      {found.length === 0 && <p class="review-quiet">{say('missedNone')}</p>}
      <ul id="review-known" role="listbox" aria-label={say('missed')} class="review-known">
        {found.map((name, place) => (
          <li
            key={name}
            id={`review-known-${place}`}
            role="option"
            aria-selected={place === at.value}
            data-known={name}
            onClick={() => take(name)}
          >
            {findingName(name)}
          </li>
        ))}
      </ul>
    </div>
  );
}
