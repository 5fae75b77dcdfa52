/** What the reader says, laid over a pane's image. Off until asked for; all of it is marked as AI. */

import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { findingName } from '../language/findings';
import { percent } from '../language/dates';
import type { Finding, Reading } from '../service/types';
import { marks } from '../study/marks';
import { chosenFinding } from '../study/opened';
import { boxesShown, outlinesShown, overlayOpacity, overlayShown, overlayStyle, ratioShown } from '../study/overlay';
import { heatAtHand, heatOf, type Heat } from './heat';
import type { Point, View } from './look';
import { paneView, type Pane } from './panes';
import { say } from './words';

/** The line that every picture of the service draws. */
const MORE_LIKELY_THAN_NOT = 0.5;

export function Layers({ pane, reading }: { pane: Pane; reading: Reading | null }) {
  const finding = overlayShown.value
    ? (reading?.findings.find(({ name }) => name === chosenFinding.value) ?? null)
    : null;
  const view = paneView(pane);
  if (!view) return null;
  return (
    <>
      {finding && <HeatLayer pane={pane} finding={finding} />}
      <svg class="pane-drawn" aria-hidden="true">
        {finding && boxesShown.value && <Regions view={view} finding={finding} />}
        {overlayShown.value && reading && ratioShown.value && <Ratio view={view} reading={reading} />}
        {overlayShown.value && reading && outlinesShown.value && <Outlines view={view} reading={reading} />}
        <Marks view={view} instance={pane.place.instance} />
      </svg>
      {finding && (
        <p class={`pane-ai${finding.location_certain ? '' : ' pane-ai-uncertain'}`}>
          <b>{say('aiHeatmap', { finding: findingName(finding.name) })}</b> {percent(finding.probability)}
          {!finding.location_certain && <> · {say('uncertain')}</>}
        </p>
      )}
    </>
  );
}

function HeatLayer({ pane, finding }: { pane: Pane; finding: Finding }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const heat = useSignal<Heat | null>(heatAtHand(finding.heatmap));
  const failed = useSignal(false);
  const path = useSignal(finding.heatmap);
  path.value = finding.heatmap;
  useSignalEffect(() => {
    const wanted = path.value;
    heat.value = heatAtHand(wanted);
    failed.value = false;
    if (heat.peek()) return;
    void heatOf(wanted).then(
      (found) => {
        if (path.peek() === wanted) heat.value = found;
      },
      () => (failed.value = true),
    );
  });
  const scene = useComputed(() => ({
    view: paneView(pane),
    heat: heat.value,
    facts: pane.facts.value,
    size: pane.size.value,
    opacity: overlayOpacity.value,
    isContour: overlayStyle.value === 'contour',
  }));
  useSignalEffect(() => {
    const { view, heat, facts, size, opacity, isContour } = scene.value;
    const frame = requestAnimationFrame(() => {
      const context = canvas.current && sized(canvas.current, size);
      if (!context || !view || !heat || !facts) return;
      place(context, view, facts.columns / heat.columns, facts.rows / heat.rows);
      if (!isContour) {
        context.globalAlpha = opacity;
        context.drawImage(heat.picture, 0, 0);
        context.globalAlpha = 1;
      }
      const levels = isContour ? [MORE_LIKELY_THAN_NOT, finding.threshold] : [MORE_LIKELY_THAN_NOT];
      levels.forEach((level, which) => trace(context, heat, level, which > 0));
    });
    return () => cancelAnimationFrame(frame);
  });
  return (
    <>
      <canvas
        ref={canvas}
        class={`pane-heat${finding.location_certain ? '' : ' pane-heat-uncertain'}`}
        data-overlay={finding.name}
        data-ready={heat.value !== null}
      />
      {failed.value && (
        <p class="pane-note" role="status">
          {say('noHeatmap')}
        </p>
      )}
    </>
  );
}

/** As large as the pane, in the screen's own pixels, and empty. */
function sized(canvas: HTMLCanvasElement, [width, height]: readonly [number, number]) {
  const [wide, tall] = [width, height].map((side) => Math.round(side * devicePixelRatio));
  if (canvas.width !== wide) canvas.width = wide ?? 0;
  if (canvas.height !== tall) canvas.height = tall ?? 0;
  const context = canvas.getContext('2d', { willReadFrequently: true }); // drawn by the processor: one upload a frame
  context?.resetTransform();
  context?.clearRect(0, 0, canvas.width, canvas.height);
  return context;
}

/** From points of the heatmap's grid to the screen's pixels. */
function place(context: CanvasRenderingContext2D, { matrix }: View, across: number, down: number): void {
  const [a, b, c, d, e, f] = matrix;
  context.setTransform(
    new DOMMatrix()
      .scale(devicePixelRatio)
      .multiply(new DOMMatrix([a, b, c, d, e, f]))
      .scale(across, down),
  );
  context.imageSmoothingEnabled = true;
}

function trace(context: CanvasRenderingContext2D, heat: Heat, level: number, dotted: boolean): void {
  const matrix = context.getTransform();
  context.beginPath();
  for (const [x0, y0, x1, y1] of heat.lines(level)) {
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
  }
  context.resetTransform(); // lines are as wide as they are, however large the image
  context.strokeStyle = '#28dcff';
  context.lineWidth = (dotted ? 1 : 1.75) * devicePixelRatio;
  context.globalAlpha = dotted ? 0.7 : 1;
  context.stroke();
  context.globalAlpha = 1;
  context.setTransform(matrix);
}

function Regions({ view, finding }: { view: View; finding: Finding }) {
  return (
    <>
      {finding.regions.map((box, place) => (
        <g key={place} class={`pane-region${finding.location_certain ? '' : ' pane-region-uncertain'}`}>
          <polygon points={pointsOf(cornersOf(box), view)} />
        </g>
      ))}
    </>
  );
}

function Marks({ view, instance }: { view: View; instance: string }) {
  const own = marks.value.filter((mark) => mark.instance === instance && mark.by === 'reader');
  return (
    <>
      {own.map(({ finding, box }) => {
        const corners = cornersOf(box).map(view.toCanvas);
        const [x, y] = corners.toSorted((one, other) => one[1] - other[1])[0] ?? [0, 0];
        return (
          <g key={`${finding} ${box.x} ${box.y}`} class="pane-mark">
            <polygon points={listed(corners)} />
            <text x={x} y={y - 5}>
              {findingName(finding)} · {say('yours')}
            </text>
          </g>
        );
      })}
    </>
  );
}

function Ratio({ view, reading }: { view: View; reading: Reading }) {
  const ratio = reading.cardiothoracic_ratio;
  if (!ratio) return null;
  const lines = Object.entries(ratio.lines).map(([name, ends]) => ({ name, ends: ends.map(view.toCanvas) }));
  const chest = lines.find(({ name }) => name === 'chest')?.ends ?? [];
  const [x, y] = chest.toSorted((one, other) => one[0] - other[0])[0] ?? [0, 0];
  const [low, high] = ratio.error.map((each) => `${each < 0 ? '−' : '+'}${Math.abs(each).toFixed(2)}`);
  return (
    <g class="pane-ratio">
      {lines.map(({ name, ends }) => (
        <polyline key={name} points={listed(ends)} />
      ))}
      <text x={x + 4} y={y - 7}>
        {say('ctr', { value: ratio.value.toFixed(2), low: low ?? '', high: high ?? '' })}
      </text>
    </g>
  );
}

function Outlines({ view, reading }: { view: View; reading: Reading }) {
  return (
    <g class="pane-outlines">
      {Object.entries(reading.outlines ?? {}).map(([name, corners]) => {
        const points = corners.map(view.toCanvas);
        const [x, y] = points.toSorted((one, other) => one[1] - other[1])[0] ?? [0, 0];
        return (
          <g key={name}>
            <polygon points={listed(points)} />
            <text x={x} y={y - 4}>
              {say('ai')} {say(name as 'heart')}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function cornersOf({ x, y, width, height }: { x: number; y: number; width: number; height: number }): Point[] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

function pointsOf(points: Point[], view: View): string {
  return listed(points.map(view.toCanvas));
}

function listed(points: readonly Point[]): string {
  return points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
}
