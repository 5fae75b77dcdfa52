/** What stands around every page, once somebody is signed in. */

import type { ComponentChildren } from 'preact';
import { ExpiredDialog } from '../account/sign-in';
import { session, standing } from '../account/session';
import { say as sayAccount } from '../account/words';
import { Toasts } from '../parts/toast';
import { Header } from './header';
import { LostBanner } from './lost';
import './shell.css';

export function Shell({ children }: { children: ComponentChildren }) {
  return (
    <div class="shell">
      {session.value?.demo && <p class="account-banner">{sayAccount('demo')}</p>}
      <Header />
      <LostBanner />
      <div class="shell-page">{children}</div>
      <Toasts />
      {standing.value === 'expired' && <ExpiredDialog />}
    </div>
  );
}
