/** Markdown as elements. */

import type { Block, Inline } from './markdown';

export function Markdown({ blocks }: { blocks: readonly Block[] }) {
  return (
    <div class="markdown">
      {blocks.map((block, place) => (
        <One key={place} block={block} />
      ))}
    </div>
  );
}

function One({ block }: { block: Block }) {
  if (block.kind === 'heading') return <Heading level={block.level} text={block.text} />;
  if (block.kind === 'paragraph')
    return (
      <p>
        <Text of={block.text} />
      </p>
    );
  if (block.kind === 'table') return <Table head={block.head} rows={block.rows} />;
  const items = block.items.map((item, place) => (
    <li key={place}>
      <Text of={item} />
    </li>
  ));
  return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
}

/** One level down: the dialog around it has the first. */
function Heading({ level, text }: { level: number; text: readonly Inline[] }) {
  const Tag = level === 1 ? 'h3' : level === 2 ? 'h4' : 'h5';
  return (
    <Tag>
      <Text of={text} />
    </Tag>
  );
}

function Table({ head, rows }: { head: Inline[][]; rows: Inline[][][] }) {
  return (
    <div class="markdown-table" tabIndex={0} role="group">
      <table>
        <thead>
          <tr>
            {head.map((cell, place) => (
              <th key={place} scope="col">
                <Text of={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            <tr key={place}>
              {row.map((cell, column) => (
                <td key={column}>
                  <Text of={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Text({ of }: { of: readonly Inline[] }) {
  return (
    <>
      {of.map((part, place) => {
        if (part.kind === 'strong') return <strong key={place}>{part.text}</strong>;
        if (part.kind === 'emphasis') return <em key={place}>{part.text}</em>;
        if (part.kind === 'code') return <code key={place}>{part.text}</code>;
        if (part.kind === 'link')
          return (
            <a key={place} href={part.address} target="_blank" rel="noopener noreferrer">
              {part.text}
            </a>
          );
        return part.text;
      })}
    </>
  );
}
