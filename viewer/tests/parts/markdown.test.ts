import { expect, test } from 'vitest';
import { inline, parse, plain, section, type Block } from '../../source/parts/markdown';

const shape = (blocks: readonly Block[]) => blocks.map((block) => block.kind);

const CARD = `# Model card

A line
that goes on.

## What it is not for, and cannot see

- Children below 15 years,
  lateral views.
- **Tuberculosis** is \`not\` there.

### Below it

Also.

## Measured

| finding | AUROC |
|---|---:|
| Edema | 0.81 |
| Mass | 0.7 |
1. one
2. two
`;

test('blocks of a card', () => {
  expect(shape(parse(CARD))).toEqual([
    'heading',
    'paragraph',
    'heading',
    'list',
    'heading',
    'paragraph',
    'heading',
    'table',
    'list',
  ]);
});

test('the section that says what it cannot see, with what is below it', () => {
  const found = section(parse(CARD), /cannot see/i);
  expect(shape(found)).toEqual(['list', 'heading', 'paragraph']);
  expect(found[0]?.kind === 'list' && found[0].items.map(plain)).toEqual([
    'Children below 15 years, lateral views.',
    'Tuberculosis is not there.',
  ]);
  expect(section(parse(CARD), /no such heading/)).toEqual([]);
});

test('a table has its head, and a cell for each column', () => {
  const table = parse(CARD).find((block) => block.kind === 'table');
  expect(table?.head.map(plain)).toEqual(['finding', 'AUROC']);
  expect(table?.rows.map((row) => row.map(plain))).toEqual([
    ['Edema', '0.81'],
    ['Mass', '0.7'],
  ]);
});

test.each([
  ['plain', [['text', 'plain']]],
  [
    'a **b** c',
    [
      ['text', 'a '],
      ['strong', 'b'],
      ['text', ' c'],
    ],
  ],
  [
    '*a* and `b*c*`',
    [
      ['emphasis', 'a'],
      ['text', ' and '],
      ['code', 'b*c*'],
    ],
  ],
  ['2 * 3 * 4', [['text', '2 * 3 * 4']]],
  ['<img src=x onerror=alert(1)>', [['text', '<img src=x onerror=alert(1)>']]],
  ['[out](https://example.org/a)', [['link', 'out']]],
  [
    '[no](javascript:alert(1))',
    [
      ['text', 'no'],
      ['text', ')'],
    ],
  ],
])('in a line: %s', (text, parts) => {
  expect(inline(text).map((part) => [part.kind, part.text])).toEqual(parts);
});
