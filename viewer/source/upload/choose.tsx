/** Files or a folder, chosen by the browser's own dialog. */

import { useRef } from 'preact/hooks';
import { UploadIcon } from '../parts/icons';
import { chosen } from './picked';
import { add } from './uploads';
import { say } from './words';

export function ChooseButtons() {
  return (
    <span class="upload-choose" role="group" aria-label={say('send')}>
      <Choose label={say('files')} what="files" />
      <Choose label={say('folder')} what="folder" />
    </span>
  );
}

function Choose({ label, what }: { label: string; what: 'files' | 'folder' }) {
  const input = useRef<HTMLInputElement>(null);
  const take = (): void => {
    const list = input.current?.files;
    if (list?.length) add(chosen(list));
    if (input.current) input.current.value = ''; // the same files may be chosen again
  };
  return (
    <>
      <button type="button" class="button" onClick={() => input.current?.click()}>
        {what === 'files' && <UploadIcon />} {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        data-upload={what}
        {...{ webkitdirectory: what === 'folder' }} // not in Preact's types
        onChange={take}
      />
    </>
  );
}
