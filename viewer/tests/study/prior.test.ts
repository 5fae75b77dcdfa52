import { expect, test } from 'vitest';
import type { Patient, StudyInstance } from '../../source/service/types';
import { counterpart, isSamePatient } from '../../source/study/prior';

const HERE: Patient = { name: 'Nguyễn Thị An', patient_id: '17', birth_date: '19600102', sex: 'F' };

test.each<[what: string, other: Partial<Patient>, same: boolean]>([
  ['the same', {}, true],
  ['another name: people marry', { name: 'Trần Thị An' }, true],
  ['no date of birth', { birth_date: '' }, true],
  ['another ID', { patient_id: '18' }, false],
  ['no ID', { patient_id: '' }, false],
  ['another date of birth', { birth_date: '19600201' }, false],
  ['another sex', { sex: 'M' }, false],
])('%s', (_, other, same) => {
  expect(isSamePatient(HERE, { ...HERE, ...other })).toBe(same);
});

test('two without an ID are not the same', () => {
  expect(isSamePatient({ ...HERE, patient_id: '' }, { ...HERE, patient_id: '' })).toBe(false);
});

test.each([
  ['PA', ['lateral', 'AP', 'PA'], 'PA'],
  ['PA', ['lateral', 'AP'], 'AP'],
  ['lateral', ['PA', 'lateral'], 'lateral'],
  ['lateral', ['PA'], 'PA'],
])('beside %s, of %j, hangs %s', (view, views, expected) => {
  const instances = views.map((one) => ({ view: one, sop_instance_uid: one }) as StudyInstance);
  expect(counterpart(instances, view)?.view).toBe(expected);
});
