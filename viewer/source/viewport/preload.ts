/** What is likely to be looked at next is fetched while this is looked at: the next study's images, this one's heatmaps. */

import { effect } from '@preact/signals';
import { askJson } from '../service/client';
import type { StudyWithCompletions } from '../service/types';
import { chosenInstance, chosenReading, hanging, opened } from '../study/opened';
import { nextUnread } from '../study/queue';
import { heatOf } from './heat';
import { panes } from './panes';

/** At most these of a study: what hangs first. */
const IMAGES = 2;

/** The next study's images, once this one's are shown; until the answer is called. */
export function preloadNext(): () => void {
  let done = '';
  return effect(() => {
    const now = opened.value;
    const all = [...panes.value.values()];
    if (!now || all.length === 0 || all.some(({ state }) => state.value === 'loading')) return;
    const next = nextUnread({ study: now.study.study_instance_uid, patient: now.patient });
    if (!next || done === next.study) return;
    done = next.study;
    whenIdle(() => void preload(next.study, next.patient).catch(() => undefined)); // it will be fetched when it is opened
  });
}

/** Heatmaps of what is present are fetched once their image is shown: over a slow line, too, an overlay is there when asked for. */
export function preloadHeat(): () => void {
  let done = '';
  return effect(() => {
    const [uid, reading] = [chosenInstance.value, chosenReading.value];
    if (!reading || done === uid || panes.value.get(uid)?.state.value !== 'shown') return;
    done = uid;
    const wanted = reading.findings.filter(({ present, experimental }) => present && !experimental);
    whenIdle(() => wanted.forEach(({ heatmap }) => void heatOf(heatmap).catch(() => undefined))); // asked for again when shown
  });
}

async function preload(uid: string, patient: number): Promise<void> {
  const { prepare } = await import('./stage');
  const study = await askJson<StudyWithCompletions>(`/api/studies/${uid}?patient=${patient}`);
  for (const { series_instance_uid, sop_instance_uid } of hanging(study.instances).slice(0, IMAGES)) {
    await prepare({ study: uid, series: series_instance_uid, instance: sop_instance_uid });
  }
}

/** Have Cornerstone at hand before the first image is asked for. */
export function warmUp(): void {
  whenIdle(() => void import('./stage').then(({ begin }) => begin()).catch(() => undefined)); // it comes with the first image
}

function whenIdle(does: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(does, { timeout: 3000 });
  else setTimeout(does, 500); // Safari has none
}
