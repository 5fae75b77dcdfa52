/** One image of a study on the screen. */

import { Enums, type Types } from '@cornerstonejs/core';
import { useEffect, useRef } from 'preact/hooks';
import { imageIdOf } from '../pixels/image-loader';
import type { Place } from '../pixels/radiograph';
import { renderingEngine } from './cornerstone';

export function Pane({ place }: { place: Place }) {
  const host = useRef<HTMLDivElement>(null);
  const imageId = imageIdOf(place);
  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const engine = renderingEngine();
    engine.enableElement({ viewportId: imageId, type: Enums.ViewportType.STACK, element });
    void engine
      .getViewport<Types.IStackViewport>(imageId)
      .setStack([imageId])
      .then(() => engine.render());
    return () => engine.disableElement(imageId);
  }, [imageId]);
  return <div ref={host} class="pane" />;
}
