/** Dates and numbers in the language of the report, which need not be the page's. */

import type { Writing } from './fill';

export function writingIn(spoken: string): Writing {
  return {
    date: (dicom) => {
      const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(dicom) ?? [];
      const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
      return year ? new Intl.DateTimeFormat(spoken, { dateStyle: 'medium', timeZone: 'UTC' }).format(at) : dicom;
    },
    moment: (iso) => new Intl.DateTimeFormat(spoken, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso)),
    decimal: (value) =>
      new Intl.NumberFormat(spoken, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value),
  };
}
