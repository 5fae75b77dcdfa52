/** Where an invitation leads: choose a name and a password. */

import { useSignal } from '@preact/signals';
import { LanguageSwitch } from '../parts/language-switch';
import { open } from '../parts/route';
import { Field, useSending, Wrong } from './form';
import { acceptInvitation } from './session';
import { say } from './words';

export function WelcomePage({ token }: { token: string }) {
  const name = useSignal('');
  const password = useSignal('');
  const again = useSignal('');
  const { busy, wrong, send } = useSending(async () => {
    if (password.value !== again.value) return say('differ');
    await acceptInvitation({ token, name: name.value, password: password.value });
    open({ page: 'worklist' });
    return undefined;
  });
  return (
    <main class="account-page" data-state="welcome">
      <LanguageSwitch />
      <form class="account-card account-form" onSubmit={send}>
        <h1>{say('welcome')}</h1>
        <p>{say('welcomeWhy')}</p>
        <Field
          label={say('chosenName')}
          value={name.value}
          complete="username"
          onValue={(value) => (name.value = value)}
        />
        <NewPassword
          password={password.value}
          again={again.value}
          onPassword={(value) => (password.value = value)}
          onAgain={(value) => (again.value = value)}
        />
        <Wrong text={wrong.value} />
        <button type="submit" class="button-primary" disabled={busy.value}>
          {say('make')}
        </button>
      </form>
    </main>
  );
}

interface NewPasswordProperties {
  password: string;
  again: string;
  onPassword: (value: string) => void;
  onAgain: (value: string) => void;
}

/** A new password, written twice. */
export function NewPassword({ password, again, onPassword, onAgain }: NewPasswordProperties) {
  return (
    <>
      <Field
        label={say('newPassword')}
        type="password"
        value={password}
        complete="new-password"
        hint={say('rule')}
        onValue={onPassword}
      />
      <Field label={say('again')} type="password" value={again} complete="new-password" onValue={onAgain} />
    </>
  );
}
