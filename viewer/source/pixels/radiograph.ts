/** One radiograph of the service, at full bit depth: metadata and pixels by WADO-RS (PS3.18, 10.4). */

import { askBytes, askJson } from '../service/client';
import { binary, items, number, numbers, text, texts, type DataSet } from './attributes';
import { clearUnusedBits, grayscale, storedPixels, type Grayscale, type Table } from './grayscale';
import { firstPart } from './multipart';
import { spacingOf, type Spacing } from './spacing';

/** Which instance. */
export interface Place {
  study: string;
  series: string;
  instance: string;
}

export interface Radiograph extends Grayscale {
  rows: number;
  columns: number;
  spacing: Spacing;
  modality: string;
  /** Bits of an element of `pixels`. */
  allocated: number;
  /** Towards what the rows and the columns run, e.g. `['L', 'F']`; empty where the file does not say. */
  orientation: string[];
}

/** Decompressed by the service, bit for bit: nothing is decoded in the browser. */
const UNCOMPRESSED = 'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1';

/** Fetch a radiograph. Throws a `Problem`, or an `Error` that says what the file lacks. */
export async function fetchRadiograph(place: Place, signal?: AbortSignal): Promise<Radiograph> {
  const path = pathOf(place);
  const asking = signal ? { signal } : {};
  const [dataSets, frame] = await Promise.all([
    askJson<DataSet[]>(`${path}/metadata`, { ...asking, headers: { Accept: 'application/dicom+json' } }),
    askBytes(`${path}/frames/1`, { ...asking, headers: { Accept: UNCOMPRESSED } }),
  ]);
  const dataSet = dataSets[0] ?? {};
  if (number(dataSet, 'SamplesPerPixel') !== 1) throw new Error('A radiograph must have one sample a pixel.');
  const [modality, voi] = await Promise.all([
    tableOf(items(dataSet, 'ModalityLUTSequence')[0], asking),
    tableOf(items(dataSet, 'VOILUTSequence')[0], asking),
  ]);
  return radiographOf(dataSet, firstPart(frame.bytes, frame.type), modality, voi);
}

/** A radiograph from its attributes, the bytes of its frame and its tables. */
export function radiographOf(
  dataSet: DataSet,
  frame: Uint8Array<ArrayBuffer>,
  modality?: Table,
  voi?: Table,
): Radiograph {
  const [rows, columns] = [number(dataSet, 'Rows') ?? 0, number(dataSet, 'Columns') ?? 0];
  const pixels = storedPixels(frame, dataSet).subarray(0, rows * columns);
  if (pixels.length < rows * columns) throw new Error('The frame must have a value for each pixel; it is shorter.');
  clearUnusedBits(pixels, dataSet);
  const shown = grayscale(pixels, dataSet, modality, voi);
  return {
    ...shown,
    rows,
    columns,
    spacing: spacingOf(dataSet),
    modality: text(dataSet, 'Modality'),
    allocated: shown.pixels.BYTES_PER_ELEMENT * 8,
    orientation: texts(dataSet, 'PatientOrientation'),
  };
}

export function pathOf({ study, series, instance }: Place): string {
  return `/dicom-web/studies/${study}/series/${series}/instances/${instance}`;
}

/** A LUT of the file (PS3.3, C.11.1.1, C.11.2.1): its descriptor says entries (0 is 65536), first value, bits. */
async function tableOf(item: DataSet | undefined, asking: { signal?: AbortSignal }): Promise<Table | undefined> {
  if (!item) return undefined;
  const [length = 0, first = 0, bits = 16] = numbers(item, 'LUTDescriptor');
  const said = numbers(item, 'LUTData');
  const entries = said.length > 0 ? Uint16Array.from(said) : await wordsOf(item, bits, length || 65536, asking);
  return { first, bits, entries: entries.subarray(0, length || 65536) };
}

async function wordsOf(
  item: DataSet,
  bits: number,
  length: number,
  asking: { signal?: AbortSignal },
): Promise<Uint16Array> {
  const where = binary(item, 'LUTData');
  if (!where) throw new Error('A LUT must have LUT Data; this one has none.');
  const bytes = 'bytes' in where ? where.bytes : await bulkData(where.uri, asking);
  // Entries of 8 bits may stand in a byte each (PS3.3, C.11.1.1.1).
  if (bits <= 8 && bytes.length < length * 2) return Uint16Array.from(bytes);
  return new Uint16Array(bytes.slice().buffer, 0, bytes.length >> 1);
}

async function bulkData(uri: string, asking: { signal?: AbortSignal }): Promise<Uint8Array> {
  const { pathname } = new URL(uri, location.href);
  const accept = 'multipart/related; type="application/octet-stream"';
  const { bytes, type } = await askBytes(pathname, { ...asking, headers: { Accept: accept } });
  return firstPart(bytes, type);
}
