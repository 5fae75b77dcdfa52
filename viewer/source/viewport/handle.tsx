/** A point on the image that can be dragged, or moved by arrow keys. */

import type { Point, View } from './look';

interface Props {
  view: View;
  at: Point;
  label: string;
  onMove: (to: Point) => void;
  onFocus?: () => void;
}

const STEPS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function Handle({ view, at, label, onMove, onFocus }: Props) {
  const [x, y] = view.toCanvas(at);
  const drag = (event: PointerEvent): void => {
    const element = event.currentTarget as SVGElement;
    if (!element.hasPointerCapture(event.pointerId)) return;
    const { left, top } = element.ownerSVGElement?.getBoundingClientRect() ?? { left: 0, top: 0 };
    onMove(view.toImage([event.clientX - left, event.clientY - top]));
  };
  const press = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const [dx, dy] = step.map((way) => way * (event.shiftKey ? 10 : 1));
    onMove(view.toImage([x + (dx ?? 0), y + (dy ?? 0)]));
  };
  return (
    <g
      class="pane-handle"
      data-handle=""
      role="button"
      aria-label={label}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
      onFocus={onFocus}
    >
      <circle class="pane-handle-reach" cx={x} cy={y} r={14} />
      <circle cx={x} cy={y} r={5} />
    </g>
  );
}
