/** One's own password, changed. */

import { useSignal } from '@preact/signals';
import { Dialog } from '../parts/dialog';
import { toast } from '../parts/toast';
import { Field, useSending, Wrong } from './form';
import { changePassword } from './session';
import { NewPassword } from './welcome';
import { say } from './words';

export function ChangePasswordDialog({ onClose }: { onClose: () => void }) {
  const current = useSignal('');
  const password = useSignal('');
  const again = useSignal('');
  const { busy, wrong, send } = useSending(async () => {
    if (password.value !== again.value) return say('differ');
    await changePassword(current.value, password.value);
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
        <NewPassword
          password={password.value}
          again={again.value}
          onPassword={(value) => (password.value = value)}
          onAgain={(value) => (again.value = value)}
        />
        <Wrong text={wrong.value} />
        <button type="submit" class="button-primary" disabled={busy.value}>
          {say('change')}
        </button>
      </form>
    </Dialog>
  );
}
