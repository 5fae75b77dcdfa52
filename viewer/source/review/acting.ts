/** What the reader does to the open study: the same whether by key or by button. */

import { computed, signal } from '@preact/signals';
import { findingName } from '../language/findings';
import { reviewerName, reviewerToSend } from '../parts/reviewer';
import { open } from '../parts/route';
import { askJson, Problem } from '../service/client';
import type { Box, Finding } from '../service/types';
import { boxWanted } from '../study/marks';
import { chosenFinding, chosenInstance, chosenReading, opened } from '../study/opened';
import { overlayShown } from '../study/overlay';
import { queue } from '../study/queue';
import { addMissed, changeMissed, judge, judgeRest, reviewOf, unjudged, type Judged } from './draft';
import { change, chosenDraft, draftFor, forget, isBegun, overtaken, since } from './drafts';
import { grouped } from './order';
import { outbox, post, returned, sendWaiting, takeBack } from './outbox';
import { planOf, type Obstacle, type Plan } from './sign-off';
import { urgentFindings } from '../study/reader';
import { say } from './words';

/** The list from which a missed finding is chosen is open. */
export const adding = signal(false);
/** What stood in the way when the reader wanted to sign off; gone with the next step. */
export const obstacle = signal<Obstacle | null>(null);

/** The findings that are not collapsed, from the top: the digit keys count in it. */
export const shownOrder = computed<Finding[]>(() => {
  const groups = grouped(chosenReading.value?.findings ?? [], urgentFindings.value);
  return [...groups.urgent, ...groups.present, ...groups.near];
});

/** What signing off would do now. */
export const plan = computed<Plan | null>(() => {
  const now = opened.value;
  return now && planOf(now, { draftFor, isBegun, overtaken, since }, reviewerToSend.value, say('readWithoutAi'));
});

/** Show where a finding is; the same again shows it no more. */
export function choose(finding: string): void {
  const again = chosenFinding.value === finding && overlayShown.value;
  chosenFinding.value = finding;
  overlayShown.value = !again;
}

export function judgeFinding(finding: Finding, verdict: Judged['verdict']): void {
  obstacle.value = null;
  if (verdict === 'corrected')
    wantBox(finding.name, (box) => box && change((draft) => judge(draft, finding.name, verdict, box)));
  else change((draft) => judge(draft, finding.name, verdict));
}

/** The verdict on the chosen finding, or on the first that has none; then on to the next one. */
export function judgeNext(verdict: Judged['verdict']): void {
  const reading = chosenReading.value;
  if (!reading) return;
  const open = unjudged(chosenDraft.value, reading);
  const finding = named(chosenFinding.value) ?? named(open[0] ?? null);
  if (!finding?.present) return;
  judgeFinding(finding, verdict);
  if (verdict === 'corrected') return;
  const next = open.find((name) => name !== finding.name);
  if (next) chosenFinding.value = next;
}

export function judgeAll(verdict: 'accepted' | 'rejected'): void {
  const reading = chosenReading.value;
  obstacle.value = null;
  if (reading) change((draft) => judgeRest(draft, unjudged(draft, reading), verdict));
}

/** Add what the reading does not say; the image then asks for its place. */
export function add(finding: string): void {
  adding.value = false;
  obstacle.value = null;
  const place = chosenDraft.value.missed.length;
  change((draft) => addMissed(draft, finding));
  drawMissed(place);
}

export function drawMissed(place: number): void {
  const finding = chosenDraft.value.missed[place]?.finding;
  if (finding) wantBox(finding, (box) => box && change((draft) => changeMissed(draft, place, { box })));
}

function wantBox(finding: string, done: (box: Box | null) => void): void {
  boxWanted.value = {
    instance: chosenInstance.value,
    finding,
    done: (box) => {
      boxWanted.value = null;
      done(box);
    },
  };
}

/** Sign off all images of the study, or say what stands in the way. True when it is done; once more sends it at once. */
export function signOff(): boolean {
  const now = opened.value;
  const planned = plan.value;
  if (!now || !planned) return false;
  if (isOnItsWay(now.study.study_instance_uid)) {
    sendWaiting();
    return true;
  }
  obstacle.value = planned.obstacle;
  if (planned.obstacle) {
    if (planned.obstacle.instance) chosenInstance.value = planned.obstacle.instance;
    if (planned.obstacle.why === 'verdicts') chosenFinding.value = planned.obstacle.findings[0] ?? null;
    return false;
  }
  const { study, patient } = now;
  const said = say('signedOff', { patient: study.patient.name || study.patient.patient_id, what: inWords(planned) });
  post({ study: study.study_instance_uid, patient, said, posts: planned.posts });
  setUnread(study.study_instance_uid, patient, false);
  return true;
}

/** The sign-off that was not sent yet is none again, and its study is open. */
export function undoSignOff(): boolean {
  const parcel = takeBack();
  if (!parcel) return false;
  setUnread(parcel.study, parcel.patient, true);
  open({ page: 'study', study: parcel.study, patient: parcel.patient });
  return true;
}

/** The worklist learns of it only once the service has it. */
function setUnread(study: string, patient: number, unread: boolean): void {
  queue.value = queue.value.map((one) => (one.study === study && one.patient === patient ? { ...one, unread } : one));
}

/** Keep the draft of the chosen image in the service, not signed off: others see it. */
export async function saveDraft(): Promise<void> {
  const reading = chosenReading.value;
  if (!reading || reviewerName.value === '') {
    obstacle.value = { why: 'name', instance: '' };
    return;
  }
  const body = reviewOf(chosenDraft.value, reading, reviewerToSend.value, false);
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  try {
    await askJson(`/api/readings/${reading.reading_id}/review`, { method: 'POST', body, headers });
    forget(reading.reading_id);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    returned.value = error;
  }
}

/** What is signed, in a few words. */
export function inWords({ present, isRead }: Plan): string {
  if (present.length > 0) return present.map(findingName).join(', ');
  return isRead ? say('normal') : say('withoutAi');
}

/** The study has a sign-off of ours that the service does not have yet. */
export function isOnItsWay(study: string): boolean {
  return outbox.value.some((parcel) => parcel.study === study);
}

function named(name: string | null): Finding | undefined {
  return chosenReading.value?.findings.find((finding) => finding.name === name);
}
