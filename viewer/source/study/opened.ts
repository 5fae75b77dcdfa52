/** The study that is open: what the service says of it, and what of it the reader looks at. */

import { computed, signal } from '@preact/signals';
import { askJson, Problem } from '../service/client';
import { onProgress } from '../service/events';
import type { Pending, Reading, ReviewAnswer, StudyInstance, StudyWithCompletions } from '../service/types';

export interface Opened {
  study: StudyWithCompletions;
  patient: number;
  /** By SOP Instance UID. */
  readings: ReadonlyMap<string, Reading | Pending>;
  /** By reading_id; the newest first. */
  reviews: ReadonlyMap<number, ReviewAnswer[]>;
}

/** `null` while none is open or it is on its way. */
export const opened = signal<Opened | null>(null);
/** Why it could not be opened. */
export const problem = signal<Problem | null>(null);

/** SOP Instance UID of the image that tools and findings are about. */
export const chosenInstance = signal('');
/** The finding whose place is shown; none until the reader asks. */
export const chosenFinding = signal<string | null>(null);

/** The reading of the chosen image; null while there is none. */
export const chosenReading = computed<Reading | null>(() => {
  const found = opened.value?.readings.get(chosenInstance.value);
  return found && found.state !== 'pending' ? found : null;
});

let asked = 0;

/** Open a study; what was open before is closed. */
export async function openStudy(study: string, patient: number): Promise<void> {
  closeStudy();
  await refresh(study, patient);
  chosenInstance.value = firstToLookAt(opened.value?.study.instances ?? []);
}

export function closeStudy(): void {
  asked += 1;
  opened.value = null;
  problem.value = null;
  chosenFinding.value = null;
  chosenInstance.value = '';
}

/** Ask for the open study anew, e.g. because something of it changed. */
export async function refresh(study: string, patient: number): Promise<void> {
  const turn = ++asked;
  try {
    const now = await fetchStudy(study, patient);
    if (turn === asked) opened.value = now;
  } catch (error) {
    if (turn !== asked) return;
    if (!(error instanceof Problem)) throw error;
    problem.value = error;
  }
}

/** Call once: the open study follows what happens. */
export function followProgress(): () => void {
  return onProgress((progress) => {
    const now = opened.value;
    if (!now || (progress && progress.study_instance_uid !== now.study.study_instance_uid)) return;
    void refresh(now.study.study_instance_uid, now.patient);
  });
}

/** A study with its readings and reviews; for the open one and for its priors. */
export async function fetchStudy(uid: string, patient = 1): Promise<Opened> {
  const study = await askJson<StudyWithCompletions>(`/api/studies/${uid}?patient=${patient}`);
  const readings = await Promise.all(study.instances.map((instance) => askJson<Reading | Pending>(instance.reading)));
  const ids = readings.flatMap((reading) => (reading.state === 'pending' ? [] : [reading.reading_id]));
  const reviews = await Promise.all(
    ids.map((id) => askJson<{ reviews: ReviewAnswer[] }>(`/api/readings/${id}/reviews`)),
  );
  return {
    study,
    patient,
    readings: new Map(readings.map((reading) => [reading.sop_instance_uid, reading])),
    reviews: new Map(ids.map((id, place) => [id, reviews[place]?.reviews ?? []])),
  };
}

/** PA before AP before what is unknown before lateral. */
const ORDER = ['PA', 'AP', 'unknown', 'lateral'];

export function firstToLookAt(instances: StudyInstance[]): string {
  return hanging(instances)[0]?.sop_instance_uid ?? '';
}

/** The images of a study in the order in which they hang, left to right. */
export function hanging(instances: StudyInstance[]): StudyInstance[] {
  const rank = ({ view }: StudyInstance): number => ORDER.indexOf(view) + 1 || ORDER.length;
  return instances.toSorted((one, other) => rank(one) - rank(other));
}
