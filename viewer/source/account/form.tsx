/** What the forms here share: sending once at a time, and saying why it did not go. */

import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { WhatWentWrong } from '../parts/what-went-wrong';
import { Problem } from '../service/client';
import { say } from './words';

interface Sending {
  busy: ReadonlySignal<boolean>;
  wrong: ReadonlySignal<Problem | string>;
  send: (event: Event) => void;
}

/** `act` throws a `Problem`, whose words are shown; a string that it returns is shown, too. */
export function useSending(act: () => Promise<string | undefined>): Sending {
  const busy = useSignal(false);
  const wrong = useSignal<Problem | string>('');
  const send = (event: Event): void => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    wrong.value = '';
    act()
      .then((refused) => (wrong.value = refused ?? ''))
      .catch((problem: unknown) => (wrong.value = wrongOf(problem)))
      .finally(() => (busy.value = false));
  };
  return { busy, wrong, send };
}

function wrongOf(problem: unknown): Problem | string {
  if (!(problem instanceof Problem)) throw problem;
  return problem.kind === 'sign-in-failed' ? say('wrong') : problem;
}

interface FieldProperties {
  label: string;
  value: string;
  onValue: (value: string) => void;
  type?: 'text' | 'password';
  complete?: string;
  hint?: string;
  fixed?: boolean;
  /** It is written into first. */
  first?: boolean;
}

export function Field({
  label,
  value,
  onValue,
  type = 'text',
  complete,
  hint,
  fixed = false,
  first = false,
}: FieldProperties) {
  const id = useId();
  const input = {
    id,
    value,
    required: true,
    readOnly: fixed,
    autofocus: first,
    spellcheck: false,
    autocapitalize: 'none',
    autocomplete: complete ?? 'off',
    'aria-describedby': hint ? `${id}-hint` : undefined,
    onInput: (event: InputEvent & { currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value),
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === 'password' ? <input type="password" {...input} /> : <input type="text" {...input} />}
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** Why it did not go; nothing is wrong where it is an empty text. */
export function Wrong({ what }: { what: Problem | string }) {
  return (
    <div class="account-wrong" role="alert">
      {what instanceof Problem ? <WhatWentWrong problem={what} /> : what}
    </div>
  );
}
