/** A pane's image is fetched and painted, and painted anew whenever it is looked at differently. */

import { effect } from '@preact/signals';
import { Problem } from '../service/client';
import type { Look } from './look';
import { fitted } from './look';
import { sceneOf, type Pane } from './panes';
import type { Stage } from './stage';
import { firstLook } from './tools';
import { say } from './words';

/** Until the answer is called. */
export function show(pane: Pane, element: HTMLDivElement): () => void {
  let stop = (): void => undefined;
  let isGone = false;
  const begin = async (): Promise<void> => {
    const { stageOn } = await import('./stage');
    if (isGone) return;
    const stage = stageOn(element, `${pane.place.instance} ${pane.place.frame ?? 1}`);
    stop = () => stage.close();
    await painted(pane, stage, (unfollow) => {
      stop = () => {
        unfollow();
        stage.close();
      };
    });
  };
  begin().catch((error: unknown) => {
    if (isGone) return;
    pane.failure.value = reasonOf(error);
    pane.state.value = 'failed';
  });
  return () => {
    isGone = true;
    stop();
  };
}

async function painted(pane: Pane, stage: Stage, following: (unfollow: () => void) => void): Promise<void> {
  const facts = await stage.show(pane.place);
  pane.facts.value = facts;
  const scene = sceneOf(pane);
  const first: Look = firstLook(facts);
  pane.look.value ??= scene ? fitted(first, scene) : first;
  let size = pane.size.peek();
  following(
    effect(() => {
      const [look, now] = [pane.look.value, pane.size.value];
      if (now !== size) stage.resize();
      size = now;
      const isFirst = pane.state.peek() === 'loading';
      if (look && now[0] > 0) stage.paint(look, facts, isFirst ? () => shown(pane) : undefined);
    }),
  );
}

function shown(pane: Pane): void {
  if (pane.state.peek() !== 'loading') return;
  performance.mark('hilum:first-pixels');
  pane.state.value = 'shown';
}

/** In words for a person, without anything of the patient. */
function reasonOf(error: unknown): string {
  if (error instanceof Problem && [406, 415, 422, 500].includes(error.status)) return say('undecodable');
  return error instanceof Error ? error.message : String(error);
}
