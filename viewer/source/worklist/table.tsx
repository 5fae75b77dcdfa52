/** The worklist's table: only the rows in sight are drawn, the others are room. */

import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { extend, isWhole, rows, selected, standing } from './list';
import { whenCalm } from './live';
import { StudyRow } from './row';
import { ROW_HEIGHT, scrollTo, visible } from './window';
import { say } from './words';

/** Milliseconds without the pointer moving after which the reader is at rest. */
const REST = 2000;
/** Rows from the end of what is loaded at which more is asked for. */
const NEAR = 30;

const COLUMNS = ['state', 'patient', 'findings', 'study', 'received'] as const;

export function Table() {
  const grid = useRef<HTMLDivElement>(null);
  const scrolled = useSignal(0);
  const height = useSignal(innerHeight);
  useSize(grid, (seen) => (height.value = seen));
  useRest(grid);
  useInSight(grid);
  const all = rows.value;
  const { from, to } = visible(scrolled.value, height.value, all.length);
  useEffect(() => {
    if (to > all.length - NEAR) void extend();
  }, [to, all.length]);
  return (
    <div
      ref={grid}
      class="worklist-grid"
      role="grid"
      tabIndex={0}
      aria-label={say('studies')}
      aria-rowcount={isWhole.value ? all.length + 1 : -1}
      aria-busy={standing.value === 'loading'}
      aria-activedescendant={selected.value ? `row-${selected.value}` : undefined}
      data-state={standing.value}
      onScroll={(event) => (scrolled.value = event.currentTarget.scrollTop)}
    >
      <Head />
      <div role="rowgroup" class="worklist-rows" style={{ height: `${all.length * ROW_HEIGHT}px` }}>
        {all.slice(from, to).map((row, offset) => (
          <StudyRow
            key={row.key}
            row={row}
            place={from + offset}
            isSelected={row.key === selected.value}
            choose={(key) => (selected.value = key)}
          />
        ))}
      </div>
    </div>
  );
}

function Head() {
  return (
    <div role="rowgroup" class="worklist-head">
      <div role="row" class="worklist-head-row" aria-rowindex={1}>
        {COLUMNS.map((column) => (
          <div key={column} role="columnheader" class="worklist-cell">
            {say(column)}
          </div>
        ))}
      </div>
    </div>
  );
}

interface Grid {
  current: HTMLDivElement | null;
}

function useSize(grid: Grid, seen: (height: number) => void): void {
  useLayoutEffect(() => {
    const shown = grid.current;
    if (!shown) return;
    const watcher = new ResizeObserver(() => seen(shown.clientHeight));
    watcher.observe(shown);
    return () => watcher.disconnect();
  }, [grid]);
}

/** Rows may come and go while the reader is at the top and the pointer rests. */
function useRest(grid: Grid): void {
  useEffect(() => {
    let moved = 0;
    const move = (): void => void (moved = performance.now());
    const shown = grid.current;
    shown?.addEventListener('pointermove', move);
    shown?.addEventListener('keydown', move);
    const stop = whenCalm(() => (shown?.scrollTop ?? 0) < ROW_HEIGHT && performance.now() - moved > REST);
    return () => {
      stop();
      shown?.removeEventListener('pointermove', move);
      shown?.removeEventListener('keydown', move);
    };
  }, [grid]);
}

/** The chosen row is in sight: by the keyboard, and on the way back from the reading room. */
function useInSight(grid: Grid): void {
  const key = selected.value;
  useLayoutEffect(() => {
    const shown = grid.current;
    const place = rows.peek().findIndex((row) => row.key === key);
    if (!shown || place < 0) return;
    const to = scrollTo(place, shown.scrollTop, shown.clientHeight - headOf(shown));
    if (to !== null) shown.scrollTop = to;
  }, [grid, key]);
}

function headOf(grid: HTMLElement): number {
  return grid.querySelector<HTMLElement>('.worklist-head')?.offsetHeight ?? 0;
}
