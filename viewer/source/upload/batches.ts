/** Many files in requests of bounded size. */

/** Bytes and files of one request: small enough that little is sent again when it fails, and that progress is seen. */
export const BATCH_BYTES = 48 * 1024 * 1024;
export const BATCH_FILES = 40;

/** In the order given. A file that is larger than a request goes alone. */
export function batches<T extends { file: { size: number } }>(files: readonly T[]): T[][] {
  const all: T[][] = [];
  let bytes = 0;
  for (const one of files) {
    const last = all.at(-1);
    const fits = last && last.length < BATCH_FILES && bytes + one.file.size <= BATCH_BYTES;
    if (fits) last.push(one);
    else all.push([one]);
    bytes = (fits ? bytes : 0) + one.file.size;
  }
  return all;
}
