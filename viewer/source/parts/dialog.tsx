/** A dialog over the page: the browser's own, so that focus stays inside, Escape closes it and focus goes back. */

import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { CloseIcon } from './icons';
import { say } from './words';

interface Properties {
  title: string;
  /** Left out: it cannot be closed without an answer. */
  onClose?: () => void;
  wide?: boolean;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, wide = false, children }: Properties) {
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close(); // gives the focus back
  }, []);
  const cancel = (event: Event): void => {
    event.preventDefault();
    onClose?.();
  };
  const press = (event: MouseEvent): void => {
    if (event.target === dialog.current) onClose?.(); // outside
  };
  return (
    <dialog
      ref={dialog}
      class="dialog"
      data-wide={wide}
      aria-labelledby={titleId}
      onCancel={cancel}
      onMouseDown={press}
    >
      <div class="dialog-inside">
        <div class="dialog-head">
          <h2 id={titleId}>{title}</h2>
          {onClose && (
            <button type="button" class="button-bare" aria-label={say('close')} onClick={onClose}>
              <CloseIcon />
            </button>
          )}
        </div>
        {children}
      </div>
    </dialog>
  );
}
