/** Signing in, alone on its page or over a page whose session has ended. */

import { useSignal } from '@preact/signals';
import { Dialog } from '../parts/dialog';
import { LanguageSwitch } from '../parts/language-switch';
import { Elsewhere, whyNotLetIn } from './elsewhere';
import { Field, useSending, Wrong } from './form';
import { leave, session, signIn, waysIn } from './session';
import { say } from './words';

export function SignInForm({ as = '' }: { as?: string }) {
  const name = useSignal(as);
  const password = useSignal('');
  const { busy, wrong, send } = useSending(async () => {
    await signIn(name.value, password.value);
    return undefined;
  });
  return (
    <form class="account-form" onSubmit={send} data-state={busy.value ? 'busy' : 'ready'}>
      <Field
        label={say('name')}
        value={name.value}
        fixed={as !== ''}
        complete="username"
        onValue={(value) => (name.value = value)}
      />
      <Field
        label={say('password')}
        type="password"
        value={password.value}
        complete="current-password"
        first={as !== ''}
        onValue={(value) => (password.value = value)}
      />
      <Wrong what={wrong.value} />
      <button type="submit" class="button-primary" disabled={busy.value}>
        {say('signIn')}
      </button>
    </form>
  );
}

export function SignInPage() {
  const ways = waysIn.value;
  return (
    <main class="account-page" data-state="out">
      <LanguageSwitch />
      <div class="account-card">
        <h1>Hilum</h1>
        <p class="account-purpose">{say('purpose')}</p>
        <Wrong what={whyNotLetIn()} />
        {ways?.first && <p class="account-note">{say('first')}</p>}
        {ways?.password && !ways.first && <SignInForm />}
        {ways?.oidc && (
          <>
            {ways.password && !ways.first && <p class="account-or">{say('or')}</p>}
            <Elsewhere way={ways.oidc} />
          </>
        )}
      </div>
    </main>
  );
}

/** Over the page, which stays as it is: requests wait behind it. */
export function ExpiredDialog() {
  const ways = waysIn.value;
  return (
    <Dialog title={say('expired')}>
      <p>{say('expiredWhy')}</p>
      {ways?.password && <SignInForm as={session.value?.name ?? ''} />}
      {ways?.oidc && <Elsewhere way={ways.oidc} apart />}
      <button type="button" class="button-bare" onClick={leave}>
        {say('somebodyElse')}
      </button>
    </Dialog>
  );
}
