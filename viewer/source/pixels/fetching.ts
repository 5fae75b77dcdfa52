/** A radiograph is fetched at full bit depth: metadata and pixels at the same time, by WADO-RS (PS3.18, 10.4). */

import { askBytes, askJson, Problem } from '../service/client';
import { items, number, text, type DataSet } from './attributes';
import { colourFrame, displayCopy } from './copy';
import { firstPart } from './multipart';
import { pathOf, radiographOf, type Place, type Radiograph } from './radiograph';
import { tableOf } from './table';

/** Decompressed by the service, bit for bit: nothing is decoded in the browser. */
const UNCOMPRESSED = 'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1';

/** Fetch a radiograph. Throws a `Problem`, or an `Error` that says what the file lacks. */
export async function fetchRadiograph(place: Place, signal?: AbortSignal): Promise<Radiograph> {
  const path = pathOf(place);
  const asking = signal ? { signal } : {};
  const frame = askBytes(`${path}/frames/${place.frame ?? 1}`, { ...asking, headers: { Accept: UNCOMPRESSED } });
  frame.catch(() => undefined); // it is looked at below, unless the metadata say first that there is no frame
  const dataSet = await metadataOf(path, asking);
  if (!dataSet) return displayCopy(place, asking);
  if (isColour(dataSet)) return colourFrame(place, dataSet, asking);
  const [{ bytes, type }, modality, voi] = await Promise.all([
    frame,
    tableOf(items(dataSet, 'ModalityLUTSequence')[0], asking),
    tableOf(items(dataSet, 'VOILUTSequence')[0], asking),
  ]);
  return radiographOf(dataSet, firstPart(bytes, type), modality, voi);
}

/** Its values are no greys: samples of colours, or codes that a palette gives a colour to (PS3.3, C.7.6.3.1.2). */
function isColour(dataSet: DataSet): boolean {
  return number(dataSet, 'SamplesPerPixel') === 3 || text(dataSet, 'PhotometricInterpretation') === 'PALETTE COLOR';
}

/** `undefined`: what was sent is no DICOM, so there are none. */
async function metadataOf(path: string, asking: { signal?: AbortSignal }): Promise<DataSet | undefined> {
  try {
    const answer = await askJson<DataSet[]>(`${path}/metadata`, {
      ...asking,
      headers: { Accept: 'application/dicom+json' },
    });
    return answer[0] ?? {};
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  }
}
