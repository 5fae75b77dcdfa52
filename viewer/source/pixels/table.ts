/** A LUT of the file (PS3.3, C.11.1.1, C.11.2.1). */

import { askBytes } from '../service/client';
import { binary, numbers, type DataSet } from './attributes';
import type { Table } from './grayscale';
import { firstPart } from './multipart';

interface Asking {
  signal?: AbortSignal;
}

/** Of an item of a LUT sequence; its descriptor says entries (0 is 65536), first value, bits. */
export async function tableOf(item: DataSet | undefined, asking: Asking): Promise<Table | undefined> {
  if (!item) return undefined;
  const [length = 0, first = 0, bits = 16] = numbers(item, 'LUTDescriptor');
  const count = length & 0xffff || 65536;
  const said = numbers(item, 'LUTData');
  const entries = said.length > 0 ? Uint16Array.from(said) : await wordsOf(item, count, asking);
  if (entries.length < count) throw new Error(`LUT Data must hold ${count} entries; it holds ${entries.length}.`);
  return { first, bits, entries: entries.subarray(0, count) };
}

async function wordsOf(item: DataSet, count: number, asking: Asking): Promise<Uint16Array> {
  const where = binary(item, 'LUTData');
  if (!where) throw new Error('A LUT must have LUT Data; this one has none.');
  const bytes = 'bytes' in where ? where.bytes : await bulkData(where.uri, asking);
  // Entries of 8 bits may stand in a byte each (PS3.3, C.11.1.1.1).
  if (bytes.length < count * 2) return Uint16Array.from(bytes);
  return new Uint16Array(bytes.slice().buffer, 0, bytes.length >> 1);
}

async function bulkData(uri: string, asking: Asking): Promise<Uint8Array> {
  const { pathname } = new URL(uri, location.href);
  const accept = 'multipart/related; type="application/octet-stream"';
  const { bytes, type } = await askBytes(pathname, { ...asking, headers: { Accept: accept } });
  return firstPart(bytes, type);
}
