/** Which page is shown. */

import { SignInPage } from './account/sign-in';
import { standing, type Standing } from './account/session';
import { WaitingPage } from './account/waiting';
import { WelcomePage } from './account/welcome';
import { AdministrationPage } from './pages/administration';
import { StudyPage } from './pages/study';
import { WorklistPage } from './pages/worklist';
import { route, type Route } from './parts/route';
import { OutboxLine } from './review/outbox-line';
import { GoingOn } from './shell/going-on';
import { Shell } from './shell/shell';

/** Nothing of any patient is shown, or asked for, before somebody is signed in. */
const HIDDEN: ReadonlySet<Standing> = new Set(['asking', 'away']);

export function App() {
  const now = route.value;
  if (HIDDEN.has(standing.value)) return <WaitingPage />;
  if (now.page === 'welcome') return <WelcomePage token={now.token} />;
  if (standing.value === 'out') return <SignInPage />;
  return (
    <Shell>
      <Page now={now} />
      <OutboxLine />
    </Shell>
  );
}

function Page({ now }: { now: Exclude<Route, { page: 'welcome' }> }) {
  if (now.page === 'administration') return <AdministrationPage part={now.part} />;
  if (now.page === 'worklist') return <WorklistPage />;
  return (
    <>
      <GoingOn study={now.study} patient={now.patient} />
      <StudyPage study={now.study} patient={now.patient} />
    </>
  );
}
