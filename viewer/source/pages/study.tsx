/** The reading room: the images, what the reader says of them, what the radiologist says. */

import { useEffect } from 'preact/hooks';
import { WhatWentWrong } from '../parts/what-went-wrong';
import { Report } from '../report/report';
import { Panel } from '../review/panel';
import { goOn } from '../shell/going-on';
import { closeStudy, openStudy, problem } from '../study/opened';
import { prior, priorReading } from '../study/prior';
import { Images } from '../viewport/images';
import './study.css';

export function StudyPage({ study, patient }: { study: string; patient: number }) {
  useEffect(() => {
    void openStudy(study, patient);
    return closeStudy;
  }, [study, patient]);
  const before = prior.value && { date: prior.value.study.study_date, reading: priorReading.value };
  return (
    <main class="room">
      <div class="room-images">
        {problem.value && (
          <div role="alert" class="room-problem">
            <WhatWentWrong problem={problem.value} />
          </div>
        )}
        <Images />
      </div>
      <Panel before={before} signedOff={goOn}>
        <Report before={before} />
      </Panel>
    </main>
  );
}
