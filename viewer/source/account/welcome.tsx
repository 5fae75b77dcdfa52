/** Where an invitation leads: choose a name and a password. */

import { useSignal } from '@preact/signals';
import { LanguageSwitch } from '../parts/language-switch';
import { open } from '../parts/route';
import { Field, useSending, Wrong } from './form';
import { difference, NewPassword, useTwice } from './new-password';
import { acceptInvitation } from './session';
import { say } from './words';

export function WelcomePage({ token }: { token: string }) {
  const name = useSignal('');
  const twice = useTwice();
  const { busy, wrong, send } = useSending(async () => {
    const differs = difference(twice);
    if (differs) return differs;
    await acceptInvitation({ token, name: name.value, password: twice.password.value });
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
        <NewPassword twice={twice} />
        <Wrong what={wrong.value} />
        <button type="submit" class="button-primary" disabled={busy.value}>
          {say('make')}
        </button>
      </form>
    </main>
  );
}
