/** What administrators see to. */

import { GivenUp } from '../account/given-up';
import { say } from '../account/administration-words';
import { Keys } from '../account/keys';
import { mayConfigure } from '../account/session';
import { Users } from '../account/users';
import { ADMINISTERED, addressOf, type Administered } from '../parts/route';

const PARTS = { 'given-up': GivenUp, users: Users, keys: Keys };

export function AdministrationPage({ part }: { part: Administered }) {
  const Part = PARTS[part];
  return (
    <main class="account-administration" aria-label={say('administration')}>
      <h1 class="unseen">{say('administration')}</h1>
      <nav class="account-tabs" aria-label={say('administration')}>
        {ADMINISTERED.map((one) => (
          <a
            key={one}
            class="button"
            href={addressOf({ page: 'administration', part: one })}
            aria-current={one === part ? 'page' : undefined}
          >
            {say(one)}
          </a>
        ))}
      </nav>
      {mayConfigure.value ? <Part /> : <p role="alert">{say('notAllowed')}</p>}
    </main>
  );
}
