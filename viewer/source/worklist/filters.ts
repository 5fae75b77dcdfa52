/** What the worklist asks for: as the page's address keeps it, and as the interface is asked. */

import type { State } from '../service/types';

export const STATES = ['pending', 'read', 'refused', 'failed'] as const satisfies readonly State[];
export const TIMES = ['4h', '24h', '7d', '30d'] as const;
export const SORTS = ['urgent', 'newest'] as const;

export interface Filters {
  state: State | '';
  /** As the interface writes it. */
  finding: string;
  modality: string;
  /** Received within. */
  time: (typeof TIMES)[number] | '';
  /** At least one image was refused. */
  refused: boolean;
  /** Not, or altogether, signed off. */
  reviewed: 'no' | 'yes' | '';
  search: string;
  /** '': as the reader prefers. */
  sort: (typeof SORTS)[number] | '';
}

export const NONE: Filters = {
  state: '',
  finding: '',
  modality: '',
  time: '',
  refused: false,
  reviewed: '',
  search: '',
  sort: '',
};

const HOURS = { '4h': 4, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 } as const;
/** The interface takes no longer ones. */
export const LONGEST_SEARCH = 64;

/** From an address, whatever somebody wrote into it. */
export function fromAddress(asked: string): Filters {
  const given = new URLSearchParams(asked);
  const one = <T extends string>(name: string, of: readonly T[]): T | '' =>
    of.find((value) => value === given.get(name)) ?? '';
  return {
    state: one('state', STATES),
    finding: given.get('finding')?.slice(0, LONGEST_SEARCH) ?? '',
    modality: given.get('modality')?.slice(0, 16) ?? '',
    time: one('time', TIMES),
    refused: given.get('refused') === 'true',
    reviewed: one('reviewed', ['no', 'yes']),
    search: given.get('search')?.slice(0, LONGEST_SEARCH) ?? '',
    sort: one('sort', SORTS),
  };
}

/** Into an address; what asks nothing is left out. */
export function toAddress(filters: Filters): string {
  const given = Object.entries(filters).filter(([, value]) => value !== '' && value !== false);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

/** As `GET /api/studies` takes them. */
export function toQuery(filters: Filters, sort: 'urgent' | 'newest', now: Date = new Date()): URLSearchParams {
  const { time, reviewed, refused, search, state, finding, modality } = filters;
  const asked: Record<string, string> = {
    state,
    finding,
    modality,
    search: search.trim(),
    sort: filters.sort || sort,
    refused: refused ? 'true' : '',
    reviewed: reviewed && String(reviewed === 'yes'),
    since: time && new Date(now.getTime() - HOURS[time] * 3_600_000).toISOString(),
  };
  return new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ''));
}

/** How many of them narrow the list. */
export function narrowing(filters: Filters): number {
  return Object.values({ ...filters, sort: '' }).filter((value) => value !== '' && value !== false).length;
}
