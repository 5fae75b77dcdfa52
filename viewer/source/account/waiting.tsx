/** Before it is known who is signed in. */

import { standing } from './session';
import { say } from './words';
import './account.css';

export function WaitingPage() {
  return (
    <main class="account-page" data-state={standing.value}>
      <p role="status">{say(standing.value === 'away' ? 'away' : 'asking')}</p>
    </main>
  );
}
