import { expect, test } from 'vitest';
import { walk } from '../../source/upload/picked';

/** Entries as a browser gives them: a folder's contents in parts, an empty one at the end. */
function folder(path: string, ...inside: FileSystemEntry[]): FileSystemEntry {
  const parts = [inside.slice(0, 1), inside.slice(1), []];
  const createReader = () => ({ readEntries: (take: (part: FileSystemEntry[]) => void) => take(parts.shift() ?? []) });
  return { name: nameOf(path), fullPath: path, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

function file(path: string): FileSystemEntry {
  const read = (take: (one: File) => void) => take(new File(['x'], nameOf(path)));
  return { name: nameOf(path), fullPath: path, isDirectory: false, file: read } as unknown as FileSystemEntry;
}

function broken(path: string): FileSystemEntry {
  const read = (_: unknown, refuse: (error: Error) => void) => refuse(new Error('gone'));
  return { name: nameOf(path), fullPath: path, isDirectory: false, file: read } as unknown as FileSystemEntry;
}

const nameOf = (path: string): string => path.split('/').at(-1) ?? '';

test('folders with all that is in them; nothing is lost in silence', async () => {
  const picking = await walk([
    folder('/a', file('/a/2'), folder('/a/1', file('/a/1/x'), file('/a/1/.DS_Store')), file('/a/3')),
    folder('/__MACOSX', file('/__MACOSX/y')),
    broken('/b'),
    file('/c.zip'),
  ]);
  expect(picking.files.map((one) => one.path)).toEqual(['a/1/x', 'a/2', 'a/3', 'c.zip']);
  expect(picking.passedOver).toBe(2);
  expect(picking.unreadable).toEqual(['b']);
});
