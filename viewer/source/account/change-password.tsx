/** One's own password, changed. */

import { useSignal } from '@preact/signals';
import { Dialog } from '../parts/dialog';
import { toast } from '../parts/toast';
import { Field, useSending, Wrong } from './form';
import { difference, NewPassword, useTwice } from './new-password';
import { changePassword } from './session';
import { say } from './words';

export function ChangePasswordDialog({ onClose }: { onClose: () => void }) {
  const current = useSignal('');
  const twice = useTwice();
  const { busy, wrong, send } = useSending(async () => {
    const differs = difference(twice);
    if (differs) return differs;
    await changePassword(current.value, twice.password.value);
    toast(say('changed'), 'good');
    onClose();
    return undefined;
  });
  return (
    <Dialog title={say('changePassword')} onClose={onClose}>
      <form class="account-form" onSubmit={send}>
        <Field
          label={say('current')}
          type="password"
          value={current.value}
          complete="current-password"
          onValue={(value) => (current.value = value)}
        />
        <NewPassword twice={twice} />
        <Wrong what={wrong.value} />
        <button type="submit" class="button-primary" disabled={busy.value}>
          {say('change')}
        </button>
      </form>
    </Dialog>
  );
}
