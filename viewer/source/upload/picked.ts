/** Files that somebody dropped or chose, folders with all that is in them. */

/** A file with where it was, to be shown; never sent. */
export interface Picked {
  file: File;
  path: string;
}

export interface Picking {
  files: Picked[];
  /** Hidden files and those that systems put beside others: no radiograph is in them. */
  passedOver: number;
  /** Could not be opened. */
  unreadable: string[];
}

/** Files that file managers leave behind. */
const LEFT_BEHIND = /^(\..*|thumbs\.db|desktop\.ini|__macosx)$/i;

/** Call it while the drop is handled: a moment later the browser has forgotten it. */
export async function dropped(transfer: DataTransfer): Promise<Picking> {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const entries: FileSystemEntry[] = [];
  const bare: Picked[] = []; // what is on no disk has no entry, e.g. a picture out of another page
  for (const item of items) {
    const entry = item.webkitGetAsEntry();
    const file = entry ? null : item.getAsFile();
    if (entry) entries.push(entry);
    if (file) bare.push({ file, path: file.name });
  }
  const picking = await walk(entries);
  return { ...picking, files: [...picking.files, ...bare] };
}

/** From a chooser of files or of a folder. */
export function chosen(list: FileList): Picking {
  const all = [...list].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
  const files = all.filter(({ path }) => !path.split('/').some((part) => LEFT_BEHIND.test(part)));
  return { files, passedOver: all.length - files.length, unreadable: [] };
}

/** Entries and what is below them, in the order of their names. */
export async function walk(entries: readonly FileSystemEntry[]): Promise<Picking> {
  const picking: Picking = { files: [], passedOver: 0, unreadable: [] };
  for (const entry of entries) await walkInto(entry, picking);
  return picking;
}

async function walkInto(entry: FileSystemEntry, picking: Picking): Promise<void> {
  if (LEFT_BEHIND.test(entry.name)) {
    picking.passedOver += 1;
    return;
  }
  try {
    if (isFolder(entry)) for (const inside of await contents(entry)) await walkInto(inside, picking);
    else picking.files.push({ file: await fileOf(entry as FileSystemFileEntry), path: pathOf(entry) });
  } catch {
    picking.unreadable.push(pathOf(entry)); // gone, or not allowed: the browser does not say more
  }
}

/** All of a folder. A browser gives it in parts, and an empty one at the end. */
async function contents(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return all.toSorted((one, other) => one.name.localeCompare(other.name, 'en'));
    all.push(...part);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function pathOf(entry: FileSystemEntry): string {
  return entry.fullPath.replace(/^\//, '');
}
