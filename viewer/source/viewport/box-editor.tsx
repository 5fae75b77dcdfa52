/** A box that somebody waits for, drawn over the image: drag, then move and size it; Enter takes it, Escape gives up. */

import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { findingName } from '../language/findings';
import type { Box } from '../service/types';
import { boxWanted } from '../study/marks';
import { boxBetween, inside, isBox, resized, shifted, type Corners } from './box';
import { Handle } from './handle';
import type { Point, View } from './look';
import { paneView, type Pane } from './panes';
import { say } from './words';

export function BoxEditor({ pane }: { pane: Pane }) {
  const wanted = boxWanted.value;
  const [view, facts] = [paneView(pane), pane.facts.value];
  if (wanted?.instance !== pane.place.instance || !view || !facts) return null;
  return <Editor key={wanted.finding} finding={wanted.finding} view={view} within={facts} done={wanted.done} />;
}

interface Props {
  finding: string;
  view: View;
  within: { columns: number; rows: number };
  done: (box: Box | null) => void;
}

const NUDGES: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function Editor({ finding, view, within, done }: Props) {
  const corners = useSignal<Corners | null>(null);
  const start = useSignal<Point | null>(null);
  const accept = (): void => {
    const drawn = corners.peek();
    const box = drawn && inside(boxBetween(...drawn), within);
    if (box && isBox(box)) done(box);
  };
  const pressed = useRef<(event: KeyboardEvent) => void>(() => undefined);
  pressed.current = (event) => {
    const nudge = NUDGES[event.key];
    if (event.key === 'Enter') accept();
    else if (event.key === 'Escape') done(null);
    else if (nudge) corners.value = nudged(corners.peek(), nudge, event.shiftKey, view, within);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  useLayoutEffect(() => {
    // Not an effect that ends a frame later: until then it would swallow the Enter that signs off.
    const press = (event: KeyboardEvent): void => pressed.current(event);
    addEventListener('keydown', press, { capture: true });
    return () => removeEventListener('keydown', press, { capture: true });
  }, []);
  const at = (event: PointerEvent): Point => {
    const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
    return view.toImage([event.clientX - left, event.clientY - top]);
  };
  return (
    <>
      <svg
        class="pane-box-editor"
        data-box-editor={finding}
        onPointerDown={(event) => {
          event.stopPropagation();
          if ((event.target as Element).closest('[data-handle]')) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          start.value = at(event);
        }}
        onPointerMove={(event) => {
          event.stopPropagation();
          if (start.value) corners.value = [start.value, at(event)];
        }}
        onPointerUp={() => (start.value = null)}
      >
        {corners.value && <Drawn corners={corners.value} view={view} change={(next) => (corners.value = next)} />}
      </svg>
      <div class="pane-box-bar" role="group" aria-label={say('drawBox', { finding: findingName(finding) })}>
        <strong>{say('drawBox', { finding: findingName(finding) })}</strong>
        <span>{say('drawHelp')}</span>
        <button type="button" disabled={!corners.value} onClick={accept}>
          {say('accept')}
        </button>
        <button type="button" onClick={() => done(null)}>
          {say('giveUp')}
        </button>
      </div>
    </>
  );
}

function Drawn({ corners, view, change }: { corners: Corners; view: View; change: (next: Corners) => void }) {
  const { x, y, width, height } = boxBetween(...corners);
  const all: Point[] = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  return (
    <>
      <polygon points={all.map((corner) => view.toCanvas(corner).join(',')).join(' ')} />
      {all.map((corner, which) => (
        <Handle
          key={which}
          view={view}
          at={corner}
          label={say('corner')}
          onMove={(to) => change(resized(all, which, to))}
        />
      ))}
      <Handle
        view={view}
        at={[x + width / 2, y + height / 2]}
        label={say('pan')}
        onMove={([toX, toY]) => change(shifted(corners, [toX - x - width / 2, toY - y - height / 2]))}
      />
    </>
  );
}

/** By a screen's pixel, or ten. Without a box yet: one in the middle of the image, so that no mouse is needed. */
function nudged(
  corners: Corners | null,
  [x, y]: Point,
  isFar: boolean,
  view: View,
  { columns, rows }: { columns: number; rows: number },
): Corners {
  if (!corners)
    return [
      [columns * 0.4, rows * 0.4],
      [columns * 0.6, rows * 0.6],
    ];
  const [from, to] = [view.toImage([0, 0]), view.toImage(isFar ? [x * 10, y * 10] : [x, y])];
  return shifted(corners, [to[0] - from[0], to[1] - from[1]]);
}
