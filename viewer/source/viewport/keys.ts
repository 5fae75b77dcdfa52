/** Keys of the image. While something is written into a field they are letters; the review has the others. */

import { comparing, compareWithLatest } from '../study/prior';
import { overlayShown } from '../study/overlay';
import { textsShown } from './corners';
import { ACTIONS, nextWindow, tool, type Action, type Tool } from './tools';

/** As they are shown beside the tools. */
export const TOOL_KEYS: Record<Tool, string> = {
  window: 'Shift+W',
  pan: 'P',
  zoom: 'Z',
  rotate: 'Shift+T',
  magnify: 'G',
  length: 'L',
  angle: 'Shift+L',
};
export const ACTION_KEYS: Partial<Record<Action, string>> = {
  fit: 'F',
  oneToOne: '0',
  zoomIn: '+',
  zoomOut: '−',
  rotateRight: '.',
  rotateLeft: ',',
  flipAcross: 'H',
  flipDown: 'V',
  invert: 'I',
  reset: 'U',
  deleteShape: 'Del',
};

const KEYS: Record<string, () => unknown> = {
  'shift+w': () => (tool.value = 'window'), // w and n are the worklist's
  p: () => (tool.value = 'pan'),
  z: () => (tool.value = 'zoom'),
  'shift+t': () => (tool.value = 'rotate'),
  g: () => (tool.value = 'magnify'),
  l: () => (tool.value = 'length'),
  'shift+l': () => (tool.value = 'angle'),
  f: ACTIONS.fit,
  '0': ACTIONS.oneToOne,
  '+': ACTIONS.zoomIn,
  '=': ACTIONS.zoomIn,
  '-': ACTIONS.zoomOut,
  '.': ACTIONS.rotateRight,
  ',': ACTIONS.rotateLeft,
  h: ACTIONS.flipAcross,
  v: ACTIONS.flipDown,
  i: ACTIONS.invert,
  u: ACTIONS.reset,
  delete: ACTIONS.deleteShape,
  backspace: ACTIONS.deleteShape,
  k: nextWindow,
  t: () => (textsShown.value = !textsShown.value),
  o: () => (overlayShown.value = !overlayShown.value),
  d: () => (comparing.value ? (comparing.value = null) : compareWithLatest()),
  arrowleft: ACTIONS.left,
  arrowright: ACTIONS.right,
  arrowup: ACTIONS.up,
  arrowdown: ACTIONS.down,
};

export function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
  const key = event.key.toLowerCase();
  const does = KEYS[/^[a-z]$/.test(key) && event.shiftKey ? `shift+${key}` : key];
  if (!does) return;
  event.preventDefault();
  does();
}

/** A field takes all keys, a list or a slider takes the arrows; so does whatever else moves by them. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input:not([type=range], [type=checkbox]), textarea, select, [contenteditable]')) return true;
  return key.startsWith('Arrow') && target.closest('[data-handle], input, [role=tab], [role=option]') !== null;
}
