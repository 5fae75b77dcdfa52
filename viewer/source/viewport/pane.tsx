/** One image of a study on the screen, with all that is laid over it. */

import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Reading, Study, StudyInstance } from '../service/types';
import { chosenInstance } from '../study/opened';
import { BoxEditor } from './box-editor';
import { Corners } from './corners';
import { measuring } from './drawing';
import { Frames, READ_FRAME } from './frames';
import { listenTo, type Drawing } from './gestures';
import { Layers } from './layers';
import { Magnifier } from './magnifier';
import type { Point } from './look';
import { hang, paneOf, paneView, resized, type Pane as PaneModel } from './panes';
import { Shapes } from './shapes';
import { show } from './showing';
import { tool } from './tools';
import { say } from './words';

export interface PaneProps {
  study: Study;
  instance: StudyInstance;
  reading: Reading | null;
  role: 'alone' | 'current' | 'prior';
  /** Told what is shown, and when it is no more. */
  onPane?: (pane: PaneModel) => () => void;
}

export function Pane({ study, instance, reading, role, onPane }: PaneProps) {
  const frame = useSignal(1);
  const uid = instance.sop_instance_uid;
  const pane = useMemo(
    () =>
      paneOf({
        study: study.study_instance_uid,
        series: instance.series_instance_uid,
        instance: uid,
        frame: frame.value,
      }),
    [uid, frame.value],
  );
  const host = useRef<HTMLElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const glass = useSignal<Point | null>(null);
  useEffect(() => hang(pane), [pane]);
  useEffect(() => onPane?.(pane), [pane]);
  useEffect(() => (stage.current ? show(pane, stage.current) : undefined), [pane]);
  useEffect(() => (host.current ? listenTo(host.current, pane, drawingOn(pane, glass)) : undefined), [pane]);
  useEffect(() => (host.current ? follow(host.current, pane) : undefined), [pane]);
  useSignalEffect(() => {
    if (tool.value !== 'magnify') glass.value = null;
  });
  const isActive = chosenInstance.value === uid;
  return (
    <section
      ref={host}
      class={`pane pane-${tool.value}${isActive ? ' pane-active' : ''}`}
      data-state={pane.state.value}
      data-instance={uid}
      data-role={role}
      aria-label={say('image', { view: instance.view })}
      onPointerDownCapture={() => role !== 'prior' && (chosenInstance.value = uid)}
    >
      <div ref={stage} key={`${uid} ${frame.value}`} class="pane-stage" />
      <Layers pane={pane} reading={frame.value === READ_FRAME ? reading : null} />
      <Shapes pane={pane} />
      <BoxEditor pane={pane} />
      <Magnifier pane={pane} at={glass} />
      <Corners pane={pane} study={study} instance={instance} role={role} />
      <Frames pane={pane} frame={frame} isRead={reading?.state === 'read'} />
      {pane.state.value === 'loading' && (
        <p class="pane-note" role="status">
          {say('loading')}…
        </p>
      )}
      {pane.state.value === 'failed' && (
        <p class="pane-note pane-failed" role="alert">
          {say('failedWhy', { why: pane.failure.value })}
        </p>
      )}
    </section>
  );
}

function follow(host: HTMLElement, pane: PaneModel): () => void {
  const tell = (): void => resized(pane, host.clientWidth, host.clientHeight);
  const observer = new ResizeObserver(tell);
  observer.observe(host);
  tell();
  return () => observer.disconnect();
}

/** What a drag draws: a measurement, or the glass where the pointer is. */
function drawingOn(pane: PaneModel, glass: { value: Point | null }): Drawing {
  const measure = measuring(pane);
  const isGlass = (): boolean => tool.peek() === 'magnify';
  return {
    begin: (at) => (isGlass() ? (glass.value = paneView(pane) ? at : null) : measure.begin(at)),
    move: (at) => (isGlass() ? (glass.value = at) : measure.move(at)),
    end: () => (isGlass() ? (glass.value = null) : measure.end()),
  };
}
