/** A new password, written twice. */

import { useSignal, type Signal } from '@preact/signals';
import { Field } from './form';
import { say } from './words';

export interface Twice {
  password: Signal<string>;
  again: Signal<string>;
}

export function useTwice(): Twice {
  return { password: useSignal(''), again: useSignal('') };
}

/** What is wrong with the two, in words; `undefined`: they are the same. */
export function difference({ password, again }: Twice): string | undefined {
  return password.value === again.value ? undefined : say('differ');
}

export function NewPassword({ twice: { password, again } }: { twice: Twice }) {
  return (
    <>
      <Field
        label={say('newPassword')}
        type="password"
        value={password.value}
        complete="new-password"
        hint={say('rule')}
        onValue={(value) => (password.value = value)}
      />
      <Field
        label={say('again')}
        type="password"
        value={again.value}
        complete="new-password"
        onValue={(value) => (again.value = value)}
      />
    </>
  );
}
