/** Said over every page while the service cannot be heard: what is shown may be old. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { moment } from '../language/dates';
import { LostIcon } from '../parts/icons';
import { toast } from '../parts/toast';
import { connected } from '../service/events';
import { say } from './words';

/** Milliseconds that a connection may be away before it is said: a browser often comes back by itself. */
const PATIENCE = 1500;

export function LostBanner() {
  const since = useSignal('');
  useEffect(() => {
    if (connected.value) {
      if (since.value) toast(say('back'), 'good');
      since.value = '';
      return;
    }
    const then = new Date().toISOString();
    const waiting = setTimeout(() => (since.value = then), PATIENCE);
    return () => clearTimeout(waiting);
  }, [connected.value]);
  return (
    <div role="alert">
      {since.value && (
        <p class="shell-lost" data-part="lost">
          <LostIcon /> {say('lostLong', { time: moment(since.value) })}
        </p>
      )}
    </div>
  );
}
