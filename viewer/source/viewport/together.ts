/** Two images zoom, move, turn and mirror together; each keeps its window. */

import { effect } from '@preact/signals';
import { preference } from '../parts/preferences';
import type { Look } from './look';
import { sceneOf, type Pane } from './panes';

export const together = preference<boolean>('together', true);

/** Until the answer is called. Images differ in size: what is the same is the share of the image that is seen. */
export function keepTogether(one: Pane, other: Pane): () => void {
  const stopOne = follow(one, other);
  const stopOther = follow(other, one);
  return () => {
    stopOne();
    stopOther();
  };
}

function follow(leader: Pane, follower: Pane): () => void {
  let last = leader.look.peek();
  return effect(() => {
    const [look, scene, on] = [leader.look.value, sceneOf(leader), together.value];
    const [there, itsScene] = [follower.look.peek(), sceneOf(follower)];
    const moved = last && look && !sameGeometry(last, look);
    last = look;
    if (!on || !moved || !scene || !there || !itsScene) return;
    const next: Look = {
      ...there,
      rotation: look.rotation,
      mirrored: look.mirrored,
      fitted: look.fitted,
      scale: (look.scale * scene.columns) / itsScene.columns,
      center: [(look.center[0] / scene.columns) * itsScene.columns, (look.center[1] / scene.rows) * itsScene.rows],
    };
    if (!sameGeometry(there, next)) follower.look.value = next;
  });
}

/** Near enough: what one image says to the other must not come back as something new. */
function sameGeometry(one: Look, other: Look): boolean {
  const near = (here: number, there: number): boolean => Math.abs(here - there) <= 1e-6 * Math.max(1, Math.abs(here));
  return (
    near(one.scale, other.scale) &&
    near(one.center[0], other.center[0]) &&
    near(one.center[1], other.center[1]) &&
    near(one.rotation, other.rotation) &&
    one.mirrored === other.mirrored
  );
}
