/** What the list is narrowed by; kept in the address. */

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { FINDINGS, findingName } from '../language/findings';
import { SearchIcon } from '../parts/icons';
import { defaultSort } from '../parts/choices';
import { replace } from '../parts/route';
import { LONGEST_SEARCH, narrowing, NONE, STATES, TIMES, toAddress, type Filters } from './filters';
import { filters } from './list';
import { News } from './news';
import { say } from './words';

/** Milliseconds after the last letter. */
const DEBOUNCE = 250;
/** Of projection radiographs. */
const MODALITIES = ['CR', 'DX', 'DR', 'RG', 'SC', 'OT'];
const TIME_WORDS = { '4h': 't4h', '24h': 't24h', '7d': 't7d', '30d': 't30d' } as const;

export function ask(change: Partial<Filters>): void {
  replace({ page: 'worklist', asked: toAddress({ ...filters.peek(), ...change }) });
}

/** `children` stand behind the filters. */
export function FilterBar({ children }: { children: ComponentChildren }) {
  return (
    <div class="worklist-filters" role="search" aria-label={say('keyFilter')}>
      <Search />
      <Choice
        name="state"
        label={say('state')}
        none={say('allStates')}
        of={STATES.map((state) => [state, say(state)])}
      />
      <Choice
        name="finding"
        label={say('finding')}
        none={say('allFindings')}
        of={FINDINGS.map((finding) => [finding, findingName(finding)])}
      />
      <Choice
        name="reviewed"
        label={say('review')}
        none={say('anyReview')}
        of={[
          ['no', say('unreviewed')],
          ['yes', say('signedOff')],
        ]}
      />
      <Choice
        name="time"
        label={say('time')}
        none={say('allTimes')}
        of={TIMES.map((time) => [time, say(TIME_WORDS[time])])}
      />
      <Choice
        name="modality"
        label={say('modality')}
        none={say('allModalities')}
        of={MODALITIES.map((modality) => [modality, modality])}
      />
      <Order />
      <label class="worklist-check">
        <input
          type="checkbox"
          checked={filters.value.refused}
          onChange={(event) => ask({ refused: event.currentTarget.checked })}
        />
        {say('withRefused')}
      </label>
      {narrowing(filters.value) > 0 && (
        <button type="button" class="button" onClick={() => ask({ ...NONE, sort: filters.value.sort })}>
          {say('clear')}
        </button>
      )}
      <News />
      {children}
    </div>
  );
}

interface ChoiceProperties {
  name: 'state' | 'finding' | 'reviewed' | 'time' | 'modality';
  label: string;
  none: string;
  of: readonly (readonly [value: string, word: string])[];
}

function Choice({ name, label, none, of }: ChoiceProperties) {
  const value = filters.value[name];
  return (
    <span class="select" data-set={value !== ''}>
      <select
        aria-label={label}
        data-filter={name}
        value={value}
        onChange={(event) => ask({ [name]: event.currentTarget.value })}
      >
        <option value="">{none}</option>
        {of.map(([one, word]) => (
          <option key={one} value={one}>
            {word}
          </option>
        ))}
      </select>
    </span>
  );
}

function Order() {
  return (
    <span class="select">
      <select
        aria-label={say('order')}
        data-filter="sort"
        value={filters.value.sort || defaultSort.value}
        onChange={(event) => ask({ sort: event.currentTarget.value as Filters['sort'] })}
      >
        <option value="urgent">{say('urgentFirst')}</option>
        <option value="newest">{say('newestFirst')}</option>
      </select>
    </span>
  );
}

function Search() {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = filters.value.search;
  useEffect(() => {
    // The address changed by other ways than this field.
    if (field.current && document.activeElement !== field.current) field.current.value = asked;
  }, [asked]);
  const write = (search: string): void => {
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => ask({ search }), DEBOUNCE);
  };
  return (
    <span class="search worklist-search">
      <SearchIcon />
      <input
        ref={field}
        id={id}
        type="search"
        aria-label={say('search')}
        placeholder={say('search')}
        maxLength={LONGEST_SEARCH}
        autocomplete="off"
        spellcheck={false}
        data-filter="search"
        defaultValue={asked}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') toRows();
        }}
      />
    </span>
  );
}

/** From a field back to the rows. */
function toRows(): void {
  document.querySelector<HTMLElement>('.worklist-grid')?.focus();
}
