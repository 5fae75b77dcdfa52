/** One radiograph: what its file says, and its pixels at full bit depth. */

import { number, text, texts, type DataSet } from './attributes';
import { grayscale, type Grayscale, type Table } from './grayscale';
import { spacingOf, type Spacing } from './spacing';
import { storedPixels, surveyed } from './stored';

/** Which instance, and which frame of it, from 1. */
export interface Place {
  study: string;
  series: string;
  instance: string;
  frame?: number;
}

export interface Radiograph extends Grayscale {
  rows: number;
  columns: number;
  /** 1: grey. 3: colours, red, green and blue of 8 bits each in `pixels`. */
  samples: 1 | 3;
  spacing: Spacing;
  modality: string;
  /** What it was made from: `stored`, all bits; `copy`, a picture of 8 bits that the service made. */
  source: 'stored' | 'copy';
  /** Bits Stored, before any table. */
  bits: number;
  frames: number;
  /** Towards what the rows and the columns run, e.g. `['L', 'F']`; empty where the file does not say. */
  orientation: string[];
  /** L, R, B or empty. */
  laterality: string;
  /** Patient's Age as it stands in the file, e.g. `063Y`. */
  age: string;
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
  if (rows * columns === 0 || pixels.length < rows * columns) {
    throw new Error('The frame must have a value for each pixel; it is shorter.');
  }
  const stored = surveyed(pixels, dataSet);
  const shown = grayscale(stored, dataSet, modality, voi);
  return { ...factsOf(dataSet), ...shown, rows, columns, samples: 1, source: 'stored', bits: stored.bits };
}

type Facts = Pick<Radiograph, 'spacing' | 'modality' | 'orientation' | 'laterality' | 'age' | 'frames'>;

/** What the attributes say besides the pixels. */
export function factsOf(dataSet: DataSet): Facts {
  return {
    spacing: spacingOf(dataSet),
    modality: text(dataSet, 'Modality'),
    orientation: texts(dataSet, 'PatientOrientation'),
    laterality: text(dataSet, 'ImageLaterality'),
    age: text(dataSet, 'PatientAge'),
    frames: Math.max(1, number(dataSet, 'NumberOfFrames') ?? 1),
  };
}

export function pathOf({ study, series, instance }: Place): string {
  return `/dicom-web/studies/${study}/series/${series}/instances/${instance}`;
}
