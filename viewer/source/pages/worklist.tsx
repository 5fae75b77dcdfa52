/** The worklist: what waits for a radiologist. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { addressOf } from '../parts/route';
import { askJson } from '../service/client';
import type { Study } from '../service/types';

export function WorklistPage() {
  const studies = useSignal<Study[]>([]);
  useEffect(() => {
    void askJson<{ studies: Study[] }>('/api/studies').then((page) => (studies.value = page.studies));
  }, [studies]);
  return (
    <main class="worklist">
      {studies.value.map((study) => (
        <a
          key={study.study_instance_uid}
          href={addressOf({ page: 'study', study: study.study_instance_uid, patient: 1 })}
        >
          {study.patient.name}
        </a>
      ))}
    </main>
  );
}
