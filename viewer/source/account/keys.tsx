/** Keys of machines. A key's secret is shown once, when it is made or given another. */

import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { moment } from '../language/dates';
import { Dialog } from '../parts/dialog';
import { toast } from '../parts/toast';
import { askJson, orTell, type Problem } from '../service/client';
import type { Key, KeyWithSecret } from '../service/types';
import { say } from './administration-words';
import { Field, useSending, Wrong } from './form';

const SCOPES = ['send', 'read', 'review', 'configure'] as const;
type Scope = (typeof SCOPES)[number];

export function Keys() {
  const keys = useSignal<readonly Key[]>([]);
  const wrong = useSignal<Problem | string>('');
  const secret = useSignal('');
  const fetch = (): Promise<void> =>
    orTell(
      async () => {
        keys.value = (await askJson<{ keys: Key[] }>('/api/keys')).keys;
        wrong.value = '';
      },
      (problem) => (wrong.value = problem),
    );
  useEffect(() => void fetch(), []);
  const show = (made: KeyWithSecret): void => {
    secret.value = made.secret;
    void fetch();
  };
  return (
    <>
      <NewKey made={show} />
      <Wrong what={wrong.value} />
      <table class="account-table">
        <thead>
          <tr>
            <th scope="col">{say('name')}</th>
            <th scope="col">{say('scopes')}</th>
            <th scope="col">{say('expires')}</th>
            <th scope="col">{say('lastUsed')}</th>
            <th scope="col">
              <span class="unseen">{say('change')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.value.map((key) => (
            <OneKey key={key.key_id} of={key} rotated={show} revoked={() => void fetch()} />
          ))}
        </tbody>
      </table>
      {secret.value && (
        <Dialog title={say('secret')} onClose={() => (secret.value = '')}>
          <p>{say('secretWhy')}</p>
          <p class="account-secret">{secret.value}</p>
        </Dialog>
      )}
    </>
  );
}

interface KeyProperties {
  of: Key;
  rotated: (made: KeyWithSecret) => void;
  revoked: () => void;
}

function OneKey({ of: key, rotated, revoked }: KeyProperties) {
  const sure = useSignal(false);
  const rotate = (): Promise<void> =>
    orToast(async () =>
      rotated(await askJson<KeyWithSecret>(`/api/keys/${key.key_id}/rotate`, { method: 'POST', body: {} })),
    );
  const revoke = (): Promise<void> =>
    orToast(async () => {
      await askJson(`/api/keys/${key.key_id}`, { method: 'DELETE' });
      revoked();
    });
  return (
    <tr data-key={key.key_id}>
      <td>
        {key.name} <code>hlm_{key.prefix}…</code>
      </td>
      <td>{key.scopes.map((scope) => say(scope)).join(', ')}</td>
      <td>{key.expires_at ? moment(key.expires_at) : say('never')}</td>
      <td>{key.last_used_at ? moment(key.last_used_at) : say('never')}</td>
      <td>
        <button type="button" class="button" onClick={() => void rotate()}>
          {say('rotate')}
        </button>{' '}
        <button type="button" class="button" onClick={() => (sure.value ? void revoke() : (sure.value = true))}>
          {say(sure.value ? 'revokeSure' : 'revoke')}
        </button>
      </td>
    </tr>
  );
}

function NewKey({ made }: { made: (key: KeyWithSecret) => void }) {
  const name = useSignal('');
  const scopes = useSignal<readonly Scope[]>(['send']);
  const title = useId();
  const { busy, wrong, send } = useSending(async () => {
    const body = { name: name.value, scopes: scopes.value };
    made(await askJson<KeyWithSecret>('/api/keys', { method: 'POST', body }));
    name.value = '';
    return undefined;
  });
  const toggle = (scope: Scope): void => {
    const others = scopes.value.filter((one) => one !== scope);
    scopes.value = others.length === scopes.value.length ? [...others, scope] : others;
  };
  return (
    <form class="account-row-form" onSubmit={send} aria-labelledby={title}>
      <strong id={title}>{say('newKey')}</strong>
      <Field label={say('name')} value={name.value} onValue={(value) => (name.value = value)} />
      {SCOPES.map((scope) => (
        <label key={scope} class="account-check">
          <input type="checkbox" checked={scopes.value.includes(scope)} onChange={() => toggle(scope)} /> {say(scope)}
        </label>
      ))}
      <button type="submit" class="button-primary" disabled={busy.value || scopes.value.length === 0}>
        {say('make')}
      </button>
      <Wrong what={wrong.value} />
    </form>
  );
}

function orToast(act: () => Promise<void>): Promise<void> {
  return orTell(act, (problem) => toast(problem, 'warn'));
}
