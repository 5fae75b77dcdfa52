import { expect, test } from 'vitest';
import { inOrder } from '../../source/worklist/strongest';

test.each([
  [['Abnormal', 'Edema', 'Pneumothorax'], ['Pneumothorax'], ['Pneumothorax', 'Edema', 'Abnormal']],
  [['Mass', 'Edema'], [], ['Mass', 'Edema']],
  [[], ['Pneumothorax'], []],
])('%j, of which %j are urgent', (findings, urgent, order) => {
  expect(inOrder(findings, urgent)).toEqual(order);
});
