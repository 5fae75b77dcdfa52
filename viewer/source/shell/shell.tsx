/** What stands around every page, once somebody is signed in. */

import type { ComponentChildren } from 'preact';
import { ExpiredDialog } from '../account/sign-in';
import { maySend, session, standing } from '../account/session';
import { say as sayAccount } from '../account/words';
import { Toasts } from '../parts/toast';
import { DropZone } from '../upload/drop-zone';
import { UploadPanel } from '../upload/panel';
import { Header } from './header';
import { LostBanner } from './lost';
import '../account/account.css';
import './shell.css';

export function Shell({ children }: { children: ComponentChildren }) {
  return (
    <div class="shell">
      {session.value?.demo && <aside class="account-banner">{sayAccount('demo')}</aside>}
      <Header />
      <LostBanner />
      <div class="shell-page">{children}</div>
      {maySend.value && <UploadPanel />}
      <DropZone may={maySend.value} />
      <Toasts />
      {standing.value === 'expired' && <ExpiredDialog />}
    </div>
  );
}
