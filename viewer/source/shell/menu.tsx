/** Who is signed in, and what they may see to. */

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ChangePasswordDialog } from '../account/change-password';
import { hasAccount, mayConfigure, session, signOut } from '../account/session';
import { PersonIcon } from '../parts/icons';
import { addressOf } from '../parts/route';
import { say } from './words';

export function AccountMenu() {
  const isOpen = useSignal(false);
  const changing = useSignal(false);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const press = (event: Event): void => {
      if (!menu.current?.contains(event.target as Node)) isOpen.value = false;
    };
    addEventListener('pointerdown', press);
    addEventListener('focusin', press);
    return () => {
      removeEventListener('pointerdown', press);
      removeEventListener('focusin', press);
    };
  }, [isOpen]);
  const close = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') isOpen.value = false;
  };
  return (
    <div class="shell-menu" ref={menu} onKeyDown={close}>
      <button
        type="button"
        class="button-bare"
        aria-expanded={isOpen.value}
        aria-label={say('account')}
        title={session.value?.display_name ?? say('account')}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        <PersonIcon />
      </button>
      {isOpen.value && <Entries close={() => (isOpen.value = false)} change={() => (changing.value = true)} />}
      {changing.value && <ChangePasswordDialog onClose={() => (changing.value = false)} />}
    </div>
  );
}

function Entries({ close, change }: { close: () => void; change: () => void }) {
  return (
    // Whatever is chosen closes it.
    <div class="shell-menu-list" onClick={close}>
      {hasAccount.value && <p>{session.value?.display_name}</p>}
      {mayConfigure.value && (
        <a class="button-bare" href={addressOf({ page: 'administration', part: 'given-up' })}>
          {say('administration')}
        </a>
      )}
      <a class="button-bare" href="/docs" target="_blank" rel="noopener">
        {say('api')}
      </a>
      {hasAccount.value && (
        <>
          <button type="button" class="button-bare" onClick={change}>
            {say('changePassword')}
          </button>
          <button type="button" class="button-bare" onClick={() => void signOut()}>
            {say('signOut')}
          </button>
        </>
      )}
    </div>
  );
}
