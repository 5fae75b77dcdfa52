/** Pictures that the service made: of what is no DICOM, and of colours and palettes. 8 bits a sample. */

import { askBytes } from '../service/client';
import { number, type DataSet } from './attributes';
import { factsOf, pathOf, type Place, type Radiograph } from './radiograph';

interface Asking {
  signal?: AbortSignal;
}

/** The display copy, of an instance that is no DICOM: its size may be smaller than the original's. */
export async function displayCopy({ instance }: Place, asking: Asking): Promise<Radiograph> {
  const { data, width, height } = await picture(`/api/instances/${instance}/overlay.jpg`, 'image/jpeg', asking);
  return { ...factsOf({}), ...eightBits(samplesOf(data, 1)), rows: height, columns: width, samples: 1 };
}

/** A frame in colours as the service renders it, without loss. */
export async function colourFrame(place: Place, dataSet: DataSet, asking: Asking): Promise<Radiograph> {
  const path = `${pathOf(place)}/frames/${place.frame ?? 1}/rendered`;
  const { data, width, height } = await picture(path, 'image/png', asking);
  const facts = factsOf(dataSet);
  // The service makes pixels square: what has no size in mm has no ratio any more.
  const isScaled = width !== number(dataSet, 'Columns') || height !== number(dataSet, 'Rows');
  const spacing = isScaled ? factsOf({}).spacing : facts.spacing;
  return { ...facts, spacing, ...eightBits(samplesOf(data, 3)), rows: height, columns: width, samples: 3 };
}

function eightBits(pixels: Uint8Array) {
  return {
    pixels,
    slope: 1,
    intercept: 0,
    windows: [{ center: 127.5, width: 255, shape: 'LINEAR_EXACT' }] as Radiograph['windows'],
    extent: [0, 255] as const,
    range: [0, 255] as const,
    inverted: false,
    source: 'copy' as const,
    bits: 8,
  };
}

async function picture(path: string, accept: string, asking: Asking): Promise<ImageData> {
  const { bytes } = await askBytes(path, { ...asking, headers: { Accept: accept } });
  const bitmap = await createImageBitmap(new Blob([bytes]), { colorSpaceConversion: 'none' });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('The browser must be able to draw a picture; it is not.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, context.canvas.width, context.canvas.height);
}

/** The first `samples` of the four of each pixel. */
function samplesOf(data: Uint8ClampedArray, samples: 1 | 3): Uint8Array {
  const out = new Uint8Array((data.length / 4) * samples);
  for (let from = 0, to = 0; from < data.length; from += 4)
    for (let sample = 0; sample < samples; sample++) out[to++] = data[from + sample] ?? 0;
  return out;
}
