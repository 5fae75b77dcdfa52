/** Radiographs for Cornerstone: its image IDs, its images, its metadata. */

import { cache, Enums, imageLoader, metaData, utilities, type Types } from '@cornerstonejs/core';
import { fetchRadiograph } from './fetching';
import type { Place, Radiograph } from './radiograph';
import { edgesOf } from './window';

const SCHEME = 'hilum';
/** Bytes of pixels that are kept: the radiograph on the screen, its neighbours in the worklist, their priors. */
const KEPT_BYTES = 512 * 1024 * 1024;

/** What is known of a radiograph besides its pixels. */
export type Facts = Omit<Radiograph, 'pixels'>;

/** By image ID. Cornerstone's cache keeps the pixels. */
const known = new Map<string, Facts>();

/** Cornerstone's name of a frame. */
export function imageIdOf({ study, series, instance, frame = 1 }: Place): string {
  return `${SCHEME}:${study}/${series}/${instance}/${frame}`;
}

/** Have a radiograph at hand; at once when it is already. Throws what `fetchRadiograph` throws. */
export async function load(place: Place): Promise<Facts> {
  const imageId = imageIdOf(place);
  try {
    await imageLoader.loadAndCacheImage(imageId);
  } catch (error) {
    cache.removeImageLoadObject(imageId, { force: true }); // so that it may be tried again
    throw error;
  }
  const facts = known.get(imageId);
  if (!facts) throw new Error('A radiograph that was loaded must be known; this one is not.');
  return facts;
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
  const [study = '', series = '', instance = '', frame = '1'] = imageId.slice(SCHEME.length + 1).split('/');
  return { study, series, instance, frame: Number(frame) };
}

/** Low pixel values are bright: the polarity as Cornerstone, which knows pixel values alone, has to have it. */
export function isTurned({ inverted, slope }: Pick<Facts, 'inverted' | 'slope'>): boolean {
  return inverted !== slope < 0;
}

/** Without WebGL, Cornerstone shows this canvas instead of colours' pixels while their window is all of 8 bits. */
const noCanvas = (() => null) as unknown as Types.IImage['getCanvas'];

/** Cornerstone maps pixel values to grey by one window, so slope and intercept go into the window, not the pixels. */
function imageOf(imageId: string, facts: Facts, pixels: Radiograph['pixels']): Types.IImage {
  const { rows, columns, spacing, windows, extent, samples } = facts;
  const scalarData = pixels as Types.PixelDataTypedArray;
  const { low, high } = edgesOf(windows[0], facts);
  const size = { width: columns, height: rows };
  return {
    imageId,
    rows,
    columns,
    ...size,
    slope: 1,
    intercept: 0,
    windowCenter: (low + high) / 2,
    windowWidth: high - low,
    voiLUTFunction: Enums.VOILUTFunctionType.LINEAR_EXACT,
    minPixelValue: extent[0],
    maxPixelValue: extent[1],
    color: samples === 3,
    rgba: false,
    numberOfComponents: samples,
    invert: isTurned(facts),
    photometricInterpretation: photometricOf(facts),
    columnPixelSpacing: spacing.column,
    rowPixelSpacing: spacing.row,
    sizeInBytes: pixels.byteLength,
    dataType: pixels.constructor.name as Types.PixelDataTypedArrayString,
    getPixelData: () => scalarData,
    getCanvas: noCanvas,
    voxelManager: utilities.VoxelManager.createImageVoxelManager({
      ...size,
      scalarData,
      numberOfComponents: samples,
      id: imageId,
    }),
  };
}

function photometricOf(facts: Facts): string {
  if (facts.samples === 3) return 'RGB';
  return isTurned(facts) ? 'MONOCHROME1' : 'MONOCHROME2';
}

function metadataOf(type: string, ...[imageId]: string[]): unknown {
  const facts = imageId === undefined ? undefined : known.get(imageId);
  if (!facts || imageId === undefined) return undefined;
  if (type === 'imagePixelModule') return pixelModule(facts);
  if (type === 'imagePlaneModule') return planeModule(imageId, facts);
  if (type === 'generalSeriesModule') return { modality: facts.modality };
  return undefined;
}

function pixelModule(facts: Facts): object {
  const bits = facts.extent[1] > 255 || facts.extent[0] < -128 ? 16 : 8;
  return {
    samplesPerPixel: facts.samples,
    photometricInterpretation: photometricOf(facts),
    rows: facts.rows,
    columns: facts.columns,
    bitsAllocated: bits,
    bitsStored: bits,
    highBit: bits - 1,
    pixelRepresentation: facts.extent[0] < 0 ? 1 : 0,
  };
}

/** A radiograph lies in a plane of its own: its first pixel's centre in the origin, rows along x, columns along y. */
function planeModule(imageId: string, facts: Facts): object {
  const { row, column } = facts.spacing;
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
  };
}
