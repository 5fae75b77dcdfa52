/** Radiographs for Cornerstone: its image IDs, its images, its metadata. */

import { cache, Enums, imageLoader, metaData, utilities, type Types } from '@cornerstonejs/core';
import { type Pixels, type Window } from './grayscale';
import { fetchRadiograph, type Place, type Radiograph } from './radiograph';

const SCHEME = 'hilum';
/** Bytes of pixels that are kept: the radiograph on the screen, its neighbours in the worklist, their priors. */
const KEPT_BYTES = 512 * 1024 * 1024;

/** What is known of a radiograph besides its pixels, by image ID. Cornerstone's cache keeps the pixels. */
const known = new Map<string, Omit<Radiograph, 'pixels'>>();

/** Cornerstone's name of an instance. */
export function imageIdOf({ study, series, instance }: Place): string {
  return `${SCHEME}:${study}/${series}/${instance}`;
}

/** What is known of a radiograph that was loaded. */
export function knownOf(imageId: string): Omit<Radiograph, 'pixels'> | undefined {
  return known.get(imageId);
}

/** Have a radiograph at hand; does nothing when it is already. */
export async function load(place: Place): Promise<void> {
  await imageLoader.loadAndCacheImage(imageIdOf(place));
}

/** Call once, after Cornerstone's `init`. */
export function registerRadiographs(): void {
  cache.setMaxCacheSize(KEPT_BYTES);
  imageLoader.registerImageLoader(SCHEME, (imageId) => ({ promise: fetchImage(imageId) }));
  metaData.addProvider(metadataOf, 1000);
}

async function fetchImage(imageId: string): Promise<Types.IImage> {
  const { pixels, ...facts } = await fetchRadiograph(placeOf(imageId));
  known.set(imageId, facts);
  return imageOf(imageId, facts, pixels);
}

function placeOf(imageId: string): Place {
  const [study = '', series = '', instance = ''] = imageId.slice(SCHEME.length + 1).split('/');
  return { study, series, instance };
}

/** Cornerstone maps stored values to grey by one window, so slope and intercept go into the window, not the pixels. */
function imageOf(imageId: string, facts: Omit<Radiograph, 'pixels'>, pixels: Pixels): Types.IImage {
  const { rows, columns, spacing, slope, intercept, windows } = facts;
  const scalarData = pixels as Types.PixelDataTypedArray;
  const size = { width: columns, height: rows };
  return {
    imageId,
    rows,
    columns,
    ...size,
    slope: 1,
    intercept: 0,
    windowCenter: (windows[0].center - intercept) / slope,
    windowWidth: windows[0].width / Math.abs(slope),
    voiLUTFunction: functionOf(windows[0]),
    minPixelValue: facts.range[0],
    maxPixelValue: facts.range[1],
    color: false,
    rgba: false,
    numberOfComponents: 1,
    invert: facts.inverted,
    photometricInterpretation: photometricOf(facts),
    columnPixelSpacing: spacing.column,
    rowPixelSpacing: spacing.row,
    sizeInBytes: pixels.byteLength,
    dataType: pixels.constructor.name as Types.PixelDataTypedArrayString,
    getPixelData: () => scalarData,
    getCanvas: () => document.createElement('canvas'),
    voxelManager: utilities.VoxelManager.createImageVoxelManager({
      ...size,
      scalarData,
      numberOfComponents: 1,
      id: imageId,
    }),
  };
}

function functionOf({ shape }: Window): Enums.VOILUTFunctionType {
  if (shape === 'SIGMOID') return Enums.VOILUTFunctionType.SAMPLED_SIGMOID;
  return shape === 'LINEAR' ? Enums.VOILUTFunctionType.LINEAR : Enums.VOILUTFunctionType.LINEAR_EXACT;
}

function photometricOf({ inverted, slope }: Pick<Radiograph, 'inverted' | 'slope'>): string {
  return inverted !== slope < 0 ? 'MONOCHROME1' : 'MONOCHROME2';
}

function metadataOf(type: string, ...[imageId]: string[]): unknown {
  const facts = imageId === undefined ? undefined : known.get(imageId);
  if (!facts || imageId === undefined) return undefined;
  if (type === 'imagePixelModule') return pixelModule(facts);
  if (type === 'imagePlaneModule') return planeModule(imageId, facts);
  if (type === 'generalSeriesModule') return { modality: facts.modality };
  return undefined;
}

function pixelModule(facts: Omit<Radiograph, 'pixels'>): object {
  const bits = facts.allocated;
  return {
    samplesPerPixel: 1,
    photometricInterpretation: photometricOf(facts),
    rows: facts.rows,
    columns: facts.columns,
    bitsAllocated: bits,
    bitsStored: bits,
    highBit: bits - 1,
    pixelRepresentation: facts.range[0] < 0 ? 1 : 0,
  };
}

/** A radiograph lies in a plane of its own: its first pixel's centre in the origin, rows along x, columns along y. */
function planeModule(imageId: string, facts: Omit<Radiograph, 'pixels'>): object {
  const { row, column, unit } = facts.spacing;
  return {
    frameOfReferenceUID: imageId,
    rows: facts.rows,
    columns: facts.columns,
    imageOrientationPatient: [1, 0, 0, 0, 1, 0],
    rowCosines: [1, 0, 0],
    columnCosines: [0, 1, 0],
    imagePositionPatient: [0, 0, 0],
    pixelSpacing: [row, column],
    rowPixelSpacing: row,
    columnPixelSpacing: column,
    usingDefaultValues: unit === 'px',
  };
}
