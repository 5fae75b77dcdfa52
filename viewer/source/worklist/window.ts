/** Which rows of a long list are drawn. */

/** Height of a row in CSS pixels; worklist.css has the same. */
export const ROW_HEIGHT = 52;
/** Rows that are drawn beyond each edge, so that scrolling meets no gap. */
const BEYOND = 8;

export interface Span {
  /** First row, and the one behind the last. */
  from: number;
  to: number;
}

export function visible(scrolled: number, height: number, count: number): Span {
  const first = Math.floor(scrolled / ROW_HEIGHT) - BEYOND;
  const last = Math.ceil((scrolled + height) / ROW_HEIGHT) + BEYOND;
  return { from: Math.max(0, Math.min(first, count)), to: Math.max(0, Math.min(last, count)) };
}

/** Where to scroll to, so that a row is in sight below the head; `null`: it is. */
export function scrollTo(place: number, scrolled: number, height: number): number | null {
  const top = place * ROW_HEIGHT;
  if (top < scrolled) return top;
  return top + ROW_HEIGHT > scrolled + height ? top + ROW_HEIGHT - height : null;
}
