/** Short messages at the page's foot. They are read out, stay until they are old, and never cover what is worked on. */

import { signal } from '@preact/signals';
import { Problem } from '../service/client';
import { CloseIcon } from './icons';
import { WhatWentWrong } from './what-went-wrong';
import { say } from './words';

export interface Toast {
  id: number;
  what: Problem | string;
  tone: 'plain' | 'good' | 'warn';
}

const shown = signal<readonly Toast[]>([]);
let last = 0;

/** Milliseconds that a message stays; one that warns stays until it is dismissed. */
const STAYS = 6000;

export function toast(what: Problem | string, tone: Toast['tone'] = 'plain'): void {
  const id = ++last;
  shown.value = [...shown.value.slice(-2), { id, what, tone }];
  if (tone !== 'warn') setTimeout(() => dismiss(id), STAYS);
}

export function Toasts() {
  return (
    <div class="toasts" role="status">
      {shown.value.map(({ id, what, tone }) => (
        <div key={id} class="toast" data-tone={tone}>
          {what instanceof Problem ? <WhatWentWrong problem={what} /> : what}
          <button type="button" class="button-bare" aria-label={say('dismiss')} onClick={() => dismiss(id)}>
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  );
}

function dismiss(id: number): void {
  shown.value = shown.value.filter((one) => one.id !== id);
}
