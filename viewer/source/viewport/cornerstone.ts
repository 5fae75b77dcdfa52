/** Cornerstone, started once. */

import { init, RenderingEngine } from '@cornerstonejs/core';
import { init as initTools } from '@cornerstonejs/tools';
import { registerRadiographs } from '../pixels/image-loader';

let engine: RenderingEngine | undefined;

/** The one rendering engine of the page. */
export function renderingEngine(): RenderingEngine {
  if (engine) return engine;
  init();
  initTools();
  registerRadiographs();
  engine = new RenderingEngine('hilum');
  return engine;
}
