/** A finding's heatmap over a pane's image: a small picture, drawn once, which the browser lays where the image lies. */

import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Facts } from '../pixels/image-loader';
import type { Finding } from '../service/types';
import { overlayOpacity, overlayStyle } from '../study/overlay';
import { heatAtHand, heatOf, type Heat } from './heat';
import type { View } from './look';
import { paneView, type Pane } from './panes';
import { say } from './words';

/** Of one heatmap for as long as it is there: give it the heatmap's path as its key. */
export function HeatLayer({ pane, finding }: { pane: Pane; finding: Finding }) {
  const heat = useSignal<Heat | null>(heatAtHand(finding.heatmap));
  const failed = useSignal(false);
  useEffect(() => {
    if (heat.peek()) return;
    heatOf(finding.heatmap).then(
      (found) => (heat.value = found),
      () => (failed.value = true),
    );
  }, []);
  const [view, facts] = [paneView(pane), pane.facts.value];
  if (failed.value)
    return (
      <p class="pane-note" role="status">
        {say('noHeatmap')}
      </p>
    );
  if (!heat.value || !view || !facts) return null;
  return <Laid finding={finding} heat={heat.value} matrix={matrixOf(view, facts, heat.value)} />;
}

/** From points of the heatmap's grid to the screen, as CSS and SVG write it. */
function matrixOf({ matrix }: View, facts: Facts, heat: Heat): string {
  const [a, b, c, d, e, f] = matrix;
  const [across, down] = [facts.columns / heat.columns, facts.rows / heat.rows];
  return `matrix(${[a * across, b * across, c * down, d * down, e, f].join(', ')})`;
}

function Laid({ finding, heat, matrix }: { finding: Finding; heat: Heat; matrix: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isContour = overlayStyle.value === 'contour';
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    context?.clearRect(0, 0, heat.columns, heat.rows);
    if (!isContour) context?.drawImage(heat.picture, 0, 0);
  }, [isContour]);
  return (
    <>
      <canvas
        ref={canvas}
        class="pane-heat"
        width={heat.columns}
        height={heat.rows}
        style={{ transform: matrix, opacity: overlayOpacity.value }}
        data-overlay={finding.name}
      />
      <svg class="pane-drawn pane-contours" aria-hidden="true">
        <path d={heat.outline} transform={matrix} />
      </svg>
    </>
  );
}
