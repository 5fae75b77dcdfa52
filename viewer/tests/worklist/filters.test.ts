import { expect, test } from 'vitest';
import { fromAddress, narrowing, NONE, toAddress, toQuery, type Filters } from '../../source/worklist/filters';

const CASES: [string, Partial<Filters>][] = [
  ['', {}],
  ['state=refused', { state: 'refused' }],
  ['finding=Enlarged+Cardiomediastinum&time=24h', { finding: 'Enlarged Cardiomediastinum', time: '24h' }],
  ['refused=true&reviewed=no', { refused: true, reviewed: 'no' }],
  ['search=Nguy%E1%BB%85n+%26+V%C4%83n&sort=newest', { search: 'Nguyễn & Văn', sort: 'newest' }],
];

test.each(CASES)('an address and its filters: %s', (address, filters) => {
  expect(fromAddress(address)).toEqual({ ...NONE, ...filters });
  expect(toAddress({ ...NONE, ...filters })).toBe(address);
});

test('what an address says that is none of ours asks nothing', () => {
  expect(fromAddress('state=normal&time=1s&reviewed=maybe&refused=1&sort=random&other=x')).toEqual(NONE);
  expect(fromAddress(`search=${'a'.repeat(100)}`).search).toHaveLength(64);
});

test('filters as the interface takes them', () => {
  const now = new Date('2026-01-02T00:00:00Z');
  const asked = toQuery({ ...NONE, time: '24h', reviewed: 'no', search: '  nguyen ' }, 'urgent', now);
  expect(Object.fromEntries(asked)).toEqual({
    search: 'nguyen',
    sort: 'urgent',
    reviewed: 'false',
    since: '2026-01-01T00:00:00.000Z',
  });
  expect(toQuery({ ...NONE, sort: 'newest' }, 'urgent').get('sort')).toBe('newest');
});

test('the order narrows nothing', () => {
  expect(narrowing({ ...NONE, sort: 'newest' })).toBe(0);
  expect(narrowing({ ...NONE, refused: true, search: 'x' })).toBe(2);
});
