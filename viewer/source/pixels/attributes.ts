/** Attributes of a data set in the DICOM JSON Model (PS3.18, annex F), by tag. */

interface Element {
  vr: string;
  Value?: unknown[];
  InlineBinary?: string;
  BulkDataURI?: string;
}

export type DataSet = Record<string, Element | undefined>;

/** Tags that the viewer reads, by their keyword (PS3.6). */
export const TAGS = {
  SOPClassUID: '00080016',
  Modality: '00080060',
  PresentationIntentType: '00080068',
  NumberOfFrames: '00280008',
  NominalScannedPixelSpacing: '00182010',
  HighBit: '00280102',
  PixelIntensityRelationship: '00281040',
  PixelIntensityRelationshipSign: '00281041',
  PatientAge: '00101010',
  ImagerPixelSpacing: '00181164',
  EstimatedRadiographicMagnificationFactor: '00181114',
  ViewPosition: '00185101',
  PatientOrientation: '00200020',
  ImageLaterality: '00200062',
  SamplesPerPixel: '00280002',
  PhotometricInterpretation: '00280004',
  Rows: '00280010',
  Columns: '00280011',
  PixelSpacing: '00280030',
  PixelAspectRatio: '00280034',
  BitsAllocated: '00280100',
  BitsStored: '00280101',
  PixelRepresentation: '00280103',
  PixelPaddingValue: '00280120',
  PixelPaddingRangeLimit: '00280121',
  PixelSpacingCalibrationType: '00280A02',
  WindowCenter: '00281050',
  WindowWidth: '00281051',
  RescaleIntercept: '00281052',
  RescaleSlope: '00281053',
  VOILUTFunction: '00281056',
  ModalityLUTSequence: '00283000',
  LUTDescriptor: '00283002',
  LUTData: '00283006',
  VOILUTSequence: '00283010',
  PresentationLUTShape: '20500020',
} as const;

export type Keyword = keyof typeof TAGS;

/** Numbers of an attribute; empty when it is absent or empty. */
export function numbers(dataSet: DataSet, keyword: Keyword): number[] {
  return values(dataSet, keyword).map(Number).filter(Number.isFinite);
}

/** The first number of an attribute. */
export function number(dataSet: DataSet, keyword: Keyword): number | undefined {
  return numbers(dataSet, keyword)[0];
}

/** The first value of an attribute as text; empty when it is absent. */
export function text(dataSet: DataSet, keyword: Keyword): string {
  const value = values(dataSet, keyword)[0];
  return typeof value === 'string' ? value : '';
}

/** All values of an attribute as text. */
export function texts(dataSet: DataSet, keyword: Keyword): string[] {
  return values(dataSet, keyword).filter((value) => typeof value === 'string');
}

/** Items of a sequence. */
export function items(dataSet: DataSet, keyword: Keyword): DataSet[] {
  return values(dataSet, keyword) as DataSet[];
}

/** Where the bytes of an attribute are: in the answer itself or behind a URI. */
export function binary(dataSet: DataSet, keyword: Keyword): { bytes: Uint8Array } | { uri: string } | undefined {
  const element = dataSet[TAGS[keyword]];
  if (element?.InlineBinary !== undefined)
    return { bytes: Uint8Array.from(atob(element.InlineBinary), (letter) => letter.charCodeAt(0)) };
  return element?.BulkDataURI === undefined ? undefined : { uri: element.BulkDataURI };
}

function values(dataSet: DataSet, keyword: Keyword): unknown[] {
  return dataSet[TAGS[keyword]]?.Value ?? [];
}
