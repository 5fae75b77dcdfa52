/** Measurements over a pane's image, with what they say. */

import { isOpen, movePoint } from './drawing';
import { Handle } from './handle';
import type { View } from './look';
import { angleOf, lengthOf, type Shape } from './measure';
import { paneView, type Pane } from './panes';
import type { Spacing } from '../pixels/spacing';
import { say } from './words';

export function Shapes({ pane }: { pane: Pane }) {
  const [view, facts] = [paneView(pane), pane.facts.value];
  if (!view || !facts) return null;
  return (
    <svg class="pane-shapes">
      {pane.shapes.value.map((shape) => (
        <OneShape key={shape.id} pane={pane} shape={shape} view={view} spacing={facts.spacing} />
      ))}
    </svg>
  );
}

function OneShape({ pane, shape, view, spacing }: { pane: Pane; shape: Shape; view: View; spacing: Spacing }) {
  const points = shape.points.map(view.toCanvas);
  const [x, y] = points[shape.kind === 'angle' ? 1 : points.length - 1] ?? [0, 0];
  const words = wordsOf(shape, spacing);
  return (
    <g class={`pane-shape${pane.chosenShape.value === shape.id ? ' pane-shape-chosen' : ''}`} data-shape={shape.kind}>
      <polyline points={points.map((point) => point.join(',')).join(' ')} />
      {shape.points.map((point, place) => (
        <Handle
          key={place}
          view={view}
          at={point}
          label={`${say(shape.kind)} ${words}`}
          onMove={(to) => movePoint(pane, shape.id, place, to)}
          onFocus={() => (pane.chosenShape.value = shape.id)}
        />
      ))}
      <text x={x + 10} y={y - 8}>
        {words}
      </text>
    </g>
  );
}

/** Never millimetres that the file does not say. */
export function wordsOf(shape: Shape, spacing: Spacing): string {
  if (isOpen(shape)) return '…';
  if (shape.kind === 'angle') return `${angleOf(shape.points, spacing).toFixed(1)}°`;
  const length = lengthOf(shape.points, spacing);
  if (spacing.unit === 'px') return `${Math.round(length)} ${say('px')}`;
  const where = spacing.at === 'detector' ? ` ${say('atDetector')}` : '';
  return `${length.toFixed(1)} mm${where}`;
}
