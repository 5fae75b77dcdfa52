/** What a reader prefers. */

import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { session } from '../account/session';
import { Dialog } from '../parts/dialog';
import { defaultSort, wheelInverted } from '../parts/choices';
import { reviewer } from '../parts/reviewer';
import { shownAtOnce } from '../study/overlay';
import { say } from './words';

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={say('settings')} onClose={onClose}>
      <div class="shell-settings">
        <Check of={shownAtOnce} hint={say('overlayHint')}>
          {say('overlayAtOnce')}
        </Check>
        <Check of={wheelInverted}>{say('wheel')}</Check>
        <SortField />
        {session.value?.demo !== false && <ReviewerField />}
        <p class="shell-quiet">{say('kept')}</p>
      </div>
    </Dialog>
  );
}

function Check({ of, hint, children }: { of: Signal<boolean>; hint?: string; children: ComponentChildren }) {
  return (
    <label class="shell-check">
      <input type="checkbox" checked={of.value} onChange={(event) => (of.value = event.currentTarget.checked)} />
      <span>
        {children}
        {hint && (
          <>
            <br />
            <span class="shell-quiet">{hint}</span>
          </>
        )}
      </span>
    </label>
  );
}

function SortField() {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{say('sort')}</label>
      <select id={id} value={defaultSort.value} onChange={(event) => (defaultSort.value = event.currentTarget.value)}>
        <option value="urgent">{say('urgent')}</option>
        <option value="newest">{say('newest')}</option>
      </select>
    </div>
  );
}

function ReviewerField() {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{say('reviewer')}</label>
      <input
        id={id}
        value={reviewer.value}
        maxLength={64}
        autocomplete="name"
        onInput={(event) => (reviewer.value = event.currentTarget.value)}
      />
      <p class="field-hint">{say('reviewerHint')}</p>
    </div>
  );
}
