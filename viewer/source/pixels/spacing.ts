/** Millimetres, only where the file says them (PS3.3, 10.7.1.3; DX: C.8.11.4). */

import { number, numbers, text, type DataSet } from './attributes';

export interface Spacing {
  /** Millimetres, or ratio of sides where `unit` is `px`. */
  row: number;
  column: number;
  unit: 'mm' | 'px';
  /** patient: calibrated to the patient; detector: as large as on the detector, which is larger than the patient. */
  at: 'patient' | 'detector' | 'nowhere';
}

/** The size of a pixel. Without any word of it, pixels are square and have no size. */
export function spacingOf(dataSet: DataSet): Spacing {
  const calibrated = pair(numbers(dataSet, 'PixelSpacing'));
  const imager = pair(numbers(dataSet, 'ImagerPixelSpacing')) ?? pair(numbers(dataSet, 'NominalScannedPixelSpacing'));
  if (calibrated && isCalibrated(dataSet, calibrated, imager)) return { ...calibrated, unit: 'mm', at: 'patient' };
  const magnification = number(dataSet, 'EstimatedRadiographicMagnificationFactor') ?? 0;
  if (imager && magnification >= 1) {
    const { row, column } = imager;
    return { row: row / magnification, column: column / magnification, unit: 'mm', at: 'patient' };
  }
  const projected = imager ?? calibrated;
  if (projected) return { ...projected, unit: 'mm', at: 'detector' };
  const ratio = pair(numbers(dataSet, 'PixelAspectRatio')) ?? { row: 1, column: 1 };
  return { ...ratio, unit: 'px', at: 'nowhere' };
}

/** Pixel Spacing of a projection is calibrated when it says so, or differs from Imager Pixel Spacing. */
function isCalibrated(dataSet: DataSet, spacing: Pair, imager: Pair | undefined): boolean {
  if (text(dataSet, 'PixelSpacingCalibrationType') !== '') return true;
  return imager !== undefined && Math.abs(imager.row - spacing.row) > 1e-4 * spacing.row;
}

interface Pair {
  row: number;
  column: number;
}

function pair([row, column]: number[]): Pair | undefined {
  return row !== undefined && column !== undefined && row > 0 && column > 0 ? { row, column } : undefined;
}
