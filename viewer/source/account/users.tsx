/** Accounts: made, changed, disabled; never deleted, since reviews bear their names. */

import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { moment } from '../language/dates';
import { toast } from '../parts/toast';
import { askJson, orTell, type Problem } from '../service/client';
import type { Account } from '../service/types';
import { say } from './administration-words';
import { Field, useSending, Wrong } from './form';
import { session } from './session';

const ROLES = ['reader', 'administrator', 'integration'] as const;
type Role = (typeof ROLES)[number];

export function Users() {
  const users = useSignal<readonly Account[]>([]);
  const wrong = useSignal<Problem | string>('');
  const fetch = (): Promise<void> =>
    orTell(
      async () => {
        users.value = (await askJson<{ users: Account[] }>('/api/users')).users;
        wrong.value = '';
      },
      (problem) => (wrong.value = problem),
    );
  useEffect(() => void fetch(), []);
  return (
    <>
      <NewUser made={() => void fetch()} />
      <Wrong what={wrong.value} />
      <table class="account-table">
        <thead>
          <tr>
            <th scope="col">{say('name')}</th>
            <th scope="col">{say('role')}</th>
            <th scope="col">{say('sites')}</th>
            <th scope="col">{say('signedIn')}</th>
            <th scope="col">{say('allowed')}</th>
          </tr>
        </thead>
        <tbody>
          {users.value.map((user) => (
            <User key={user.name} user={user} changed={() => void fetch()} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function User({ user, changed }: { user: Account; changed: () => void }) {
  const isOneself = user.name === session.value?.name;
  const change = async (body: { role: Role } | { disabled: boolean }): Promise<void> => {
    await orTell(
      () => askJson(`/api/users/${encodeURIComponent(user.name)}`, { method: 'PATCH', body }),
      (problem) => toast(problem, 'warn'),
    );
    changed();
  };
  return (
    <tr data-user={user.name} data-disabled={user.disabled}>
      <td>
        {user.display_name} {user.display_name !== user.name && `(${user.name})`}
      </td>
      <td>
        <span class="select">
          <RoleChoice
            role={user.role}
            label={`${say('role')}: ${user.name}`}
            isFixed={isOneself}
            choose={(role) => void change({ role })}
          />
        </span>
      </td>
      <td>{user.sites.join(', ') || say('allSites')}</td>
      <td>{user.signed_in_at ? moment(user.signed_in_at) : say('never')}</td>
      <td>
        <button
          type="button"
          class="button"
          disabled={isOneself}
          onClick={() => void change({ disabled: !user.disabled })}
        >
          {say(user.disabled ? 'enable' : 'disable')}
        </button>
      </td>
    </tr>
  );
}

interface RoleProperties {
  role: Role;
  label: string;
  isFixed?: boolean;
  choose: (role: Role) => void;
}

function RoleChoice({ role, label, isFixed = false, choose }: RoleProperties) {
  return (
    <select
      aria-label={label}
      value={role}
      disabled={isFixed}
      onChange={(event) => choose(event.currentTarget.value as Role)}
    >
      {ROLES.map((one) => (
        <option key={one} value={one}>
          {say(one)}
        </option>
      ))}
    </select>
  );
}

function NewUser({ made }: { made: () => void }) {
  const name = useSignal('');
  const password = useSignal('');
  const role = useSignal<Role>('reader');
  const title = useId();
  const { busy, wrong, send } = useSending(async () => {
    const body = { name: name.value, password: password.value, role: role.value };
    await askJson('/api/users', { method: 'POST', body });
    toast(say('made', { name: name.value }), 'good');
    name.value = '';
    password.value = '';
    made();
    return undefined;
  });
  return (
    <form class="account-row-form" onSubmit={send} aria-labelledby={title}>
      <strong id={title}>{say('newUser')}</strong>
      <Field label={say('name')} value={name.value} onValue={(value) => (name.value = value)} />
      <Field
        label={say('firstPassword')}
        type="password"
        complete="new-password"
        value={password.value}
        onValue={(value) => (password.value = value)}
      />
      <span class="select">
        <RoleChoice role={role.value} label={say('role')} choose={(chosen) => (role.value = chosen)} />
      </span>
      <button type="submit" class="button-primary" disabled={busy.value}>
        {say('make')}
      </button>
      <Wrong what={wrong.value} />
    </form>
  );
}
