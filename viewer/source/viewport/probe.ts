/** What tests read from outside: where points of an image lie on the screen. It changes nothing. */

import type { Point } from './look';
import { panes, paneView } from './panes';

interface Probe {
  view: (instance: string) => {
    /** From pixels of the image to CSS pixels of the page. */
    toPage: (x: number, y: number) => Point;
    toCanvas: (x: number, y: number) => Point;
    toImage: (x: number, y: number) => Point;
    window: { low: number; high: number };
    inverted: boolean;
  } | null;
}

export function exposeForTests(): void {
  (window as unknown as { hilum: Probe }).hilum = { view };
}

const view: Probe['view'] = (instance) => {
  const pane = panes.peek().get(instance);
  const [now, look] = [pane && paneView(pane), pane?.look.peek()];
  const element = document.querySelector(`[data-instance="${CSS.escape(instance)}"]`);
  if (!now || !look || !element) return null;
  return {
    toCanvas: (x, y) => now.toCanvas([x, y]),
    toImage: (x, y) => now.toImage([x, y]),
    toPage: (x, y) => {
      const { left, top } = element.getBoundingClientRect();
      const [column, row] = now.toCanvas([x, y]);
      return [left + element.clientLeft + column, top + element.clientTop + row];
    },
    window: look.edges,
    inverted: look.inverted,
  };
};
