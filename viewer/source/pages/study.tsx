/** The reading room: the images, what the reader says of them, what the radiologist says. */

import { useEffect } from 'preact/hooks';
import { open } from '../parts/route';
import { Report } from '../report/report';
import { Panel } from '../review/panel';
import { goOn } from '../shell/going-on';
import { chosenInstance, closeStudy, opened, openStudy, problem } from '../study/opened';
import { Pane } from '../viewport/pane';
import './study.css';

export function StudyPage({ study, patient }: { study: string; patient: number }) {
  useEffect(() => {
    void openStudy(study, patient);
    return closeStudy;
  }, [study, patient]);
  const instance = opened.value?.study.instances.find((one) => one.sop_instance_uid === chosenInstance.value);
  return (
    <main class="room">
      <div class="room-images">
        <button type="button" onClick={() => open({ page: 'worklist' })}>
          ←
        </button>
        {problem.value && <p role="alert">{problem.value.detail}</p>}
        {instance && (
          <Pane place={{ study, series: instance.series_instance_uid, instance: instance.sop_instance_uid }} />
        )}
      </div>
      <Panel before={null} signedOff={goOn}>
        <Report before={null} />
      </Panel>
    </main>
  );
}
