/** The head of every page: what this is, that it is AI, and what is one click away. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { LanguageSwitch } from '../parts/language-switch';
import { addressOf } from '../parts/route';
import { LostIcon, SettingsIcon } from '../parts/icons';
import { connected } from '../service/events';
import { learnReader, reader } from '../study/reader';
import { CardDialog } from './card';
import { Keys } from './keys';
import { AccountMenu } from './menu';
import { SettingsDialog } from './settings';
import { say } from './words';

export function Header() {
  useEffect(() => void learnReader(), []);
  return (
    <header class="shell-head">
      <a class="shell-mark" href={addressOf({ page: 'worklist' })} aria-label={`Hilum: ${say('worklist')}`}>
        <img src="/viewer/icon.svg" alt="" width="22" height="22" />
        Hilum
      </a>
      <Notice />
      <Tools />
    </header>
  );
}

/** That it is AI, whose version, and what it cannot see. */
function Notice() {
  const open = useSignal<'blind' | 'all' | null>(null);
  return (
    <div class="shell-notice" data-part="notice">
      <strong>{say('notice')}</strong>
      <span class="shell-quiet" data-part="reader">
        {reader.value?.reader}
      </span>
      <button type="button" class="shell-link" onClick={() => (open.value = 'blind')}>
        {say('blind')}
      </button>
      <button type="button" class="shell-link" onClick={() => (open.value = 'all')}>
        {say('card')}
      </button>
      {open.value && <CardDialog only={open.value} onClose={() => (open.value = null)} />}
    </div>
  );
}

function Tools() {
  const open = useSignal(false);
  return (
    <div class="shell-tools">
      <Connection />
      <LanguageSwitch />
      <Keys />
      <button
        type="button"
        class="button-bare"
        aria-label={say('settings')}
        title={say('settings')}
        onClick={() => (open.value = true)}
      >
        <SettingsIcon />
      </button>
      <AccountMenu />
      {open.value && <SettingsDialog onClose={() => (open.value = false)} />}
    </div>
  );
}

function Connection() {
  const state = connected.value ? 'live' : 'lost';
  return (
    <span class="shell-connection" data-part="connection" data-state={state} title={say(state)}>
      {state === 'live' ? <span class="shell-dot" /> : <LostIcon />}
      <span class={state === 'live' ? 'unseen' : ''}>{say(state)}</span>
    </span>
  );
}
