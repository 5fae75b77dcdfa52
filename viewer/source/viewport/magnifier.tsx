/** A glass under the pointer: the same pixels, larger, painted by a stage of its own. */

import { useEffect, useRef } from 'preact/hooks';
import type { Signal } from '@preact/signals';
import { useSignalEffect } from '@preact/signals';
import type { Point } from './look';
import { paneView, type Pane } from './panes';
import type { Stage } from './stage';

const SIZE = 260;
const LARGER = 2.5;

export function Magnifier({ pane, at }: { pane: Pane; at: Signal<Point | null> }) {
  return at.value ? <Glass pane={pane} at={at} /> : null;
}

function Glass({ pane, at }: { pane: Pane; at: Signal<Point | null> }) {
  const host = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage | null>(null);
  const paint = (): void => {
    const [look, facts, view, point] = [pane.look.value, pane.facts.value, paneView(pane), at.value];
    if (!stage.current || !look || !facts || !view || !point) return;
    stage.current.paint({ ...look, scale: look.scale * LARGER, center: view.toImage(point) }, facts);
  };
  useEffect(() => {
    let own: Stage | undefined;
    let isGone = false;
    void import('./stage').then(async ({ stageOn }) => {
      if (isGone || !host.current) return;
      own = stageOn(host.current, `${pane.place.instance} magnified`);
      await own.show(pane.place);
      stage.current = own;
      paint();
    });
    return () => {
      isGone = true;
      stage.current = null;
      own?.close();
    };
  }, []);
  useSignalEffect(paint);
  const [x, y] = at.value ?? [0, 0];
  const place = { left: `${x - SIZE / 2}px`, top: `${y - SIZE / 2}px`, width: `${SIZE}px`, height: `${SIZE}px` };
  return <div class="pane-glass" style={place} ref={host} aria-hidden="true" />;
}
