/** `?`: what the keys do here. */

import { useSignal } from '@preact/signals';
import { Dialog } from '../parts/dialog';
import { shortcuts, useKeys } from '../parts/shortcuts';
import { say } from './words';

export function Keys() {
  const open = useSignal(false);
  useKeys((event) => {
    if (event.key !== '?') return false;
    open.value = true;
    return true;
  });
  return (
    <>
      <button
        type="button"
        class="button-bare"
        aria-label={say('keys')}
        title={`${say('keys')} (?)`}
        onClick={() => (open.value = true)}
      >
        ?
      </button>
      {open.value && <KeysDialog onClose={() => (open.value = false)} />}
    </>
  );
}

function KeysDialog({ onClose }: { onClose: () => void }) {
  const sections = [...shortcuts(), { title: say('everywhere'), keys: [['?', say('help')]] as const }];
  return (
    <Dialog title={say('keysTitle')} wide onClose={onClose}>
      <div class="shell-keys">
        {sections.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, does]) => (
                <Line key={key} name={key} does={does} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Line({ name, does }: { name: string; does: string }) {
  return (
    <>
      <dt>
        <kbd>{name}</kbd>
      </dt>
      <dd>{does}</dd>
    </>
  );
}
