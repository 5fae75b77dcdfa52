/** Where the keys go. */

/**
 * For `onMouseDown`: a button that is clicked takes the focus from a field but does not keep it, so that the next Enter
 * signs off instead of pressing it once more. By Tab it is reached as ever.
 */
export function freeFocus(event: MouseEvent): void {
  if (!(event.target instanceof Element) || !event.target.closest('button')) return;
  event.preventDefault();
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
