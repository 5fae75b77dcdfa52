/** The one place that knows Cornerstone, which comes when the first image does. It paints; how, a `Look` says. */

import {
  Enums,
  getConfiguration,
  getRenderingCapabilities,
  getShouldUseCPURendering,
  init,
  RenderingEngine,
  setUseCPURendering,
  type Types,
} from '@cornerstonejs/core';
import { imageIdOf, isTurned, load, registerRadiographs, type Facts } from '../pixels/image-loader';
import type { Place } from '../pixels/radiograph';
import { renderer } from './renderer';
import type { Look } from './look';

/** A pane's painter. */
export interface Stage {
  /** Fetch, and paint from then on; nothing is painted before the first `paint`. */
  show: (place: Place) => Promise<Facts>;
  /** `done` is called once when it is on the screen. */
  paint: (look: Look, facts: Facts, done?: () => void) => void;
  resize: () => void;
  close: () => void;
}

let engine: RenderingEngine | undefined;

function renderingEngine(): RenderingEngine {
  if (engine) return engine;
  init();
  Object.assign(getConfiguration().rendering ?? {}, { webGlContextCount: 1 }); // the panes take turns in it; a second one takes time to start
  // WebGL by software paints fewer frames a second than Cornerstone does without it.
  const isSlow = getRenderingCapabilities().softwareRasterizer;
  if (renderer.value === 'cpu' || (renderer.value === 'auto' && isSlow)) setUseCPURendering(true, false);
  registerRadiographs();
  engine = new RenderingEngine('hilum');
  return engine;
}

/** Start Cornerstone, if it has not been started. */
export function begin(): void {
  renderingEngine();
}

/** Fetch without showing. */
export async function prepare(place: Place): Promise<void> {
  renderingEngine();
  await load(place);
}

export function stageOn(element: HTMLDivElement, id: string): Stage {
  const engine = renderingEngine();
  engine.enableElement({ viewportId: id, type: Enums.ViewportType.STACK, element });
  const viewport = engine.getViewport<Types.IStackViewport>(id);
  const isCpu = getShouldUseCPURendering();
  return {
    show: async (place) => {
      const facts = await load(place);
      await viewport.setStack([imageIdOf(place)]);
      return facts;
    },
    paint: (look, facts, done) => {
      if (done) element.addEventListener(Enums.Events.IMAGE_RENDERED, done, { once: true });
      if (isCpu) aimByTransform(viewport, look, facts);
      else aimByCamera(viewport, look, facts);
      viewport.setProperties({ voiRange: { lower: look.edges.low, upper: look.edges.high }, invert: look.inverted });
      viewport.render();
    },
    resize: () => engine.resize(true, false),
    close: () => {
      engine.disableElement(id);
    },
  };
}

/** The polarity that the file asks for, in Cornerstone's terms. */
export function startsInverted(facts: Facts): boolean {
  return isTurned(facts);
}

/** WebGL: a camera above the plane, or below it when mirrored. A pixel's centre has whole numbers there. */
function aimByCamera(viewport: Types.IStackViewport, look: Look, { spacing }: Facts): void {
  const { column, row } = spacing;
  const angle = (look.rotation * Math.PI) / 180;
  const side = look.mirrored ? 1 : -1;
  const [x, y] = [(look.center[0] - 0.5) * column, (look.center[1] - 0.5) * row];
  const mirror = look.mirrored ? -1 : 1;
  viewport.setCamera({
    viewPlaneNormal: [0, 0, side],
    viewUp: [-Math.sin(angle) * mirror, -Math.cos(angle), 0],
    focalPoint: [x, y, 0],
    position: [x, y, side * 1000],
    parallelScale: (viewport.element.clientHeight / 2 / look.scale) * column,
  });
}

/** Without WebGL, Cornerstone draws pixels by a transform of its own; their corners have whole numbers there. */
function aimByTransform(viewport: Types.IStackViewport, look: Look, { spacing }: Facts): void {
  const { column, row } = spacing;
  const scale = ((look.scale * Math.min(column, row)) / column) * window.devicePixelRatio;
  viewport.setViewPresentation({ rotation: look.rotation });
  viewport.setCamera({ flipHorizontal: look.mirrored, flipVertical: false, scale });
  viewport.setCamera({ focalPoint: [look.center[0] * column, look.center[1] * row, 0] });
}
