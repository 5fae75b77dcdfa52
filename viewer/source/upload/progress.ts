/** How far an upload is. */

export interface Progress {
  /** Bytes of all files, and of those that are sent: those of the request under way as the browser counts them. */
  bytes: number;
  sent: number;
}

/** What is sent of all: files that are answered, and of the request under way what the browser sent of it. */
export function sentOf(answered: number, underWay: number, loaded: number, total: number): number {
  // The browser counts the form around the files, too.
  return answered + (total > 0 ? Math.round(underWay * Math.min(1, loaded / total)) : 0);
}

/** 0 to 1. Whole only when everything is answered. */
export function share({ bytes, sent }: Progress): number {
  return bytes > 0 ? Math.min(1, sent / bytes) : 1;
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** Bytes as a person says them, e.g. `3.4 MB`. */
export function size(bytes: number, language: string): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** step;
  const maximumFractionDigits = value < 10 && step > 0 ? 1 : 0;
  const unit = UNITS[step] ?? 'byte';
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits }).format(value);
}
