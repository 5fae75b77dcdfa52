/** Files dropped anywhere on the page are sent. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { UploadIcon } from '../parts/icons';
import { toast } from '../parts/toast';
import { dropped } from './picked';
import { add, isBusy } from './uploads';
import { say } from './words';
import './upload.css';

export function DropZone({ may }: { may: boolean }) {
  const over = useSignal(false);
  useEffect(() => {
    const hold = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault(); // the browser would open the file and leave the page
      over.value = true;
    };
    const leave = (event: DragEvent): void => {
      if (!event.relatedTarget) over.value = false; // out of the window
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      over.value = false;
      if (!may) toast(say('mayNot'), 'warn');
      else if (event.dataTransfer) void take(event.dataTransfer);
    };
    addEventListener('dragover', hold);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', hold);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [may, over]);
  useStay();
  return over.value ? (
    <div class="upload-over">
      <p>
        <UploadIcon /> {say(may ? 'drop' : 'mayNot')}
      </p>
    </div>
  ) : null;
}

async function take(transfer: DataTransfer): Promise<void> {
  const picking = await dropped(transfer);
  if (picking.files.length + picking.passedOver + picking.unreadable.length === 0) toast(say('nothing'), 'warn');
  else add(picking);
}

/** Leaving the page while files are being sent is asked about. */
function useStay(): void {
  useEffect(() => {
    const stay = (event: BeforeUnloadEvent): void => {
      if (isBusy.value) event.preventDefault();
    };
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, []);
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
