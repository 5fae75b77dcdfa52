/** The first part of a multipart/related answer (RFC 2387), as DICOMweb wraps bytes (PS3.18, 8.6.1.2). */

const END_OF_HEADERS = [13, 10, 13, 10];

/** The part's bytes, a view into the answer's. Throws when the answer is none of that kind. */
export function firstPart(answer: ArrayBuffer, contentType: string): Uint8Array<ArrayBuffer> {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (!contentType.startsWith('multipart/related') || boundary === undefined) {
    throw new Error(`Bytes must come as multipart/related with a boundary, not as ${contentType || 'nothing'}.`);
  }
  const bytes = new Uint8Array(answer);
  const begin = indexOf(bytes, END_OF_HEADERS, 0);
  const length = declaredLength(bytes.subarray(0, Math.max(begin, 0)));
  const start = begin + END_OF_HEADERS.length;
  const end = length === undefined ? lastIndexOf(bytes, ascii(`\r\n--${boundary}`)) : start + length;
  if (begin < 0 || end < start || end > bytes.length)
    throw new Error('A part must end with its boundary; this one does not.');
  return bytes.subarray(start, end);
}

function declaredLength(headers: Uint8Array): number | undefined {
  const said = /content-length:\s*(\d+)/i.exec(new TextDecoder().decode(headers))?.[1];
  return said === undefined ? undefined : Number(said);
}

function ascii(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

function indexOf(bytes: Uint8Array, wanted: number[], from: number): number {
  for (let at = from; at <= bytes.length - wanted.length; at++) if (isAt(bytes, wanted, at)) return at;
  return -1;
}

function lastIndexOf(bytes: Uint8Array, wanted: number[]): number {
  for (let at = bytes.length - wanted.length; at >= 0; at--) if (isAt(bytes, wanted, at)) return at;
  return -1;
}

function isAt(bytes: Uint8Array, wanted: number[], at: number): boolean {
  return wanted.every((byte, place) => bytes[at + place] === byte);
}
