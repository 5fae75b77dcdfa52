/** What the reader says, laid over a pane's image. Off until asked for; all of it is marked as AI. */

import { findingName } from '../language/findings';
import { percent } from '../language/dates';
import type { Finding, Reading } from '../service/types';
import { marks } from '../study/marks';
import { chosenFinding } from '../study/opened';
import { boxesShown, outlinesShown, overlayShown, ratioShown } from '../study/overlay';
import { HeatLayer } from './heat-layer';
import type { Point, View } from './look';
import { paneView, type Pane } from './panes';
import { say } from './words';

export function Layers({ pane, reading }: { pane: Pane; reading: Reading | null }) {
  const finding = overlayShown.value
    ? (reading?.findings.find(({ name }) => name === chosenFinding.value) ?? null)
    : null;
  const view = paneView(pane);
  if (!view) return null;
  return (
    <>
      {finding && <HeatLayer key={finding.heatmap} pane={pane} finding={finding} />}
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
