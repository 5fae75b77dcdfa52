/** Which page is shown. */

import { StudyPage } from './pages/study';
import { WorklistPage } from './pages/worklist';
import { route } from './parts/route';
import { OutboxLine } from './review/outbox-line';

export function App() {
  const now = route.value;
  return (
    <>
      {now.page === 'study' ? <StudyPage study={now.study} patient={now.patient} /> : <WorklistPage />}
      <OutboxLine />
    </>
  );
}
