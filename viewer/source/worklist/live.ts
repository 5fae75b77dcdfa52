/** What happens in the service, brought into the list without moving it under the reader's pointer. */

import { effect } from '@preact/signals';
import { onProgress, type Progress } from '../service/events';
import { Problem } from '../service/client';
import { fetchRows } from './fetching';
import { change, follow, followAll, rows, unsettled } from './list';

/** Milliseconds that events are gathered. */
const GATHERED = 400;
/** Milliseconds after which the list tries again to settle. */
const SETTLES = 1000;
/** Changed studies further down that are asked for one by one; of more, all that is loaded is asked for. */
const SINGLY = 20;

let calm = (): boolean => false;

/** Whether rows may come and go now; the table knows, while it is shown. */
export function whenCalm(isCalm: () => boolean): () => void {
  calm = isCalm;
  return () => {
    calm = () => false;
  };
}

/** Call once. */
export function followLive(): () => void {
  const changed = new Set<string>();
  let everything = false;
  let bringing = Promise.resolve(); // one after the other
  let gathering: ReturnType<typeof setTimeout> | undefined;
  const bring = async (): Promise<void> => {
    const uids = [...changed];
    const all = everything || uids.length > SINGLY;
    changed.clear();
    everything = false;
    gathering = undefined;
    bringing = bringing.then(() => (all ? followAll(calm) : followSome(uids)));
    await bringing;
  };
  const gather = (): void => {
    gathering ??= setTimeout(() => void bring(), GATHERED);
  };
  const stopHearing = onProgress((progress: Progress | null) => {
    if (progress) changed.add(progress.study_instance_uid);
    else everything = true;
    gather();
  });
  const stopSettling = settling();
  return () => {
    stopHearing();
    stopSettling();
    clearTimeout(gathering);
  };
}

async function followSome(uids: string[]): Promise<void> {
  await follow(calm);
  const shown = new Set(rows.value.map((row) => row.study.study_instance_uid));
  const deeper = uids.filter((uid) => shown.has(uid));
  try {
    change((await Promise.all(deeper.map(fetchRows))).flat());
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem; // away: all is asked for when it is back
  }
}

/** While something waits to be shown: show it as soon as the reader is at rest at the top. */
function settling(): () => void {
  return effect(() => {
    if (!unsettled.value) return;
    const again = setInterval(() => {
      if (calm()) void follow(calm);
    }, SETTLES);
    return () => clearInterval(again);
  });
}
