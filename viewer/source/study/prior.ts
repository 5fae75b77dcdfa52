/** The earlier study beside the open one. */

import { computed, effect, signal } from '@preact/signals';
import { Problem } from '../service/client';
import type { Patient, Reading, StudyInstance } from '../service/types';
import { chosenInstance, fetchStudy, hanging, opened, type Opened } from './opened';

/** Study Instance UID of the earlier study that the reader wants beside the open one; `null`: none. */
export const comparing = signal<string | null>(null);
/** It, or else the latest of the earlier studies: what has changed since is told without its image. Of the same patient. */
export const prior = signal<Opened | null>(null);
/** Why it is not shown. */
export const priorProblem = signal<'other-patient' | Problem | null>(null);

/** Its image that hangs beside the chosen one: of the same view, else frontal beside frontal, else the first. */
export const priorInstance = computed<StudyInstance | null>(() => {
  const view = opened.value?.study.instances.find((one) => one.sop_instance_uid === chosenInstance.value)?.view;
  return prior.value && view !== undefined ? counterpart(prior.value.study.instances, view) : null;
});

/** What the reader says of that image; `null`: nothing, or not yet. */
export const priorReading = computed<Reading | null>(() => {
  const found = prior.value?.readings.get(priorInstance.value?.sop_instance_uid ?? '');
  return found && found.state !== 'pending' ? found : null;
});

/** The newest of the earlier studies. */
export function compareWithLatest(): void {
  comparing.value = opened.peek()?.study.priors[0]?.study_instance_uid ?? null;
}

/** Call once: the earlier study is fetched, and is given up with the open one. */
export function followPrior(): () => void {
  let beside = '';
  let asked: string | null = null;
  return effect(() => {
    const [now, chosen] = [opened.value, comparing.value];
    const uid = now?.study.study_instance_uid ?? '';
    const isOther = uid !== beside;
    const wanted = (isOther ? null : chosen) ?? now?.study.priors[0]?.study_instance_uid ?? null;
    if (isOther) comparing.value = null;
    if (!isOther && wanted === asked) return;
    [beside, asked] = [uid, wanted];
    prior.value = null;
    priorProblem.value = null;
    if (now && wanted !== null) void fetchPrior(now, wanted, () => asked === wanted && beside === uid);
  });
}

async function fetchPrior(now: Opened, wanted: string, isWanted: () => boolean): Promise<void> {
  try {
    const found = await fetchStudy(wanted);
    if (!isWanted()) return;
    if (isSamePatient(now.study.patient, found.study.patient)) prior.value = found;
    else priorProblem.value = 'other-patient';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (isWanted()) priorProblem.value = error;
  }
}

export function counterpart(instances: StudyInstance[], view: string): StudyInstance | null {
  const isFrontal = (one: string): boolean => one === 'PA' || one === 'AP';
  const all = hanging(instances);
  const alike = all.find((one) => one.view === view) ?? all.find((one) => isFrontal(one.view) && isFrontal(view));
  return alike ?? all[0] ?? null;
}

/**
 * Whether a study that the service calls a prior is shown: the patient's ID must be there and the same, and dates of
 * birth and sexes, where both are known, must not contradict it. Names may: people marry, and are written in many ways;
 * they are shown beside the image.
 */
export function isSamePatient(one: Patient, other: Patient): boolean {
  const agree = (here: string, there: string): boolean => here === '' || there === '' || here === there;
  return (
    one.patient_id !== '' &&
    one.patient_id === other.patient_id &&
    agree(one.birth_date, other.birth_date) &&
    agree(one.sex, other.sex)
  );
}
