import { expect, test } from 'vitest';
import type { Keyword } from '../../source/pixels/attributes';
import { spacingOf, type Spacing } from '../../source/pixels/spacing';
import { dataSet } from './data-set';

const detector = { row: 0.2, column: 0.1, unit: 'mm', at: 'detector' } as const;
const patient = { ...detector, at: 'patient' } as const;

const CASES: [what: string, attributes: Partial<Record<Keyword, unknown[] | string | number>>, spacing: Spacing][] = [
  ['nothing: pixels', {}, { row: 1, column: 1, unit: 'px', at: 'nowhere' }],
  ['a ratio has no size', { PixelAspectRatio: ['2', '1'] }, { row: 2, column: 1, unit: 'px', at: 'nowhere' }],
  ['Imager Pixel Spacing is at the detector', { ImagerPixelSpacing: [0.2, 0.1] }, detector],
  ['so is that of a scanned film', { NominalScannedPixelSpacing: [0.2, 0.1] }, detector],
  ['Pixel Spacing alone says not where', { PixelSpacing: [0.2, 0.1] }, detector],
  ['nor when it repeats the detector’s', { PixelSpacing: [0.2, 0.1], ImagerPixelSpacing: [0.2, 0.1] }, detector],
  ['it is calibrated when it differs', { PixelSpacing: [0.2, 0.1], ImagerPixelSpacing: [0.22, 0.11] }, patient],
  ['or says so', { PixelSpacing: [0.2, 0.1], PixelSpacingCalibrationType: 'FIDUCIAL' }, patient],
  [
    'magnification brings the detector’s to the patient',
    { ImagerPixelSpacing: [0.25, 0.125], EstimatedRadiographicMagnificationFactor: 1.25 },
    patient,
  ],
  ['a spacing of 0 is none', { ImagerPixelSpacing: [0, 0] }, { row: 1, column: 1, unit: 'px', at: 'nowhere' }],
];

test.each(CASES)('%s', (_, attributes, expected) => {
  const found = spacingOf(dataSet(attributes));
  expect(found).toEqual({
    ...expected,
    row: expect.closeTo(expected.row) as number,
    column: expect.closeTo(expected.column) as number,
  });
});
