/**
 * A little Markdown as a tree: headings, paragraphs, lists and tables; in them emphasis, code and links. Whatever else
 * stands there, HTML too, is text. What shows it makes elements of it and never markup.
 */

export type Inline =
  { kind: 'text' | 'strong' | 'emphasis' | 'code'; text: string } | { kind: 'link'; text: string; address: string };

export type Block =
  | { kind: 'heading'; level: number; text: Inline[] }
  | { kind: 'paragraph'; text: Inline[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] };

const HEADING = /^(#{1,6})\s+(.*)$/;
const ITEM = /^\s{0,3}(?:[-*+]|(\d+)[.)])\s+(.*)$/;
const ROW = /^\s*\|.*\|\s*$/;
const RULE = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/;

export function parse(markdown: string): Block[] {
  const lines = markdown.split(/\r?\n/);
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const [block, next] = blockAt(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

/** The section below a heading that fits, to the next heading of its level, without the heading itself. */
export function section(blocks: readonly Block[], fits: RegExp): Block[] {
  const start = blocks.findIndex((block) => block.kind === 'heading' && fits.test(plain(block.text)));
  const heading = blocks[start];
  if (heading?.kind !== 'heading') return [];
  const rest = blocks.slice(start + 1);
  const end = rest.findIndex((block) => block.kind === 'heading' && block.level <= heading.level);
  return end < 0 ? rest : rest.slice(0, end);
}

export function plain(text: readonly Inline[]): string {
  return text.map((one) => one.text).join('');
}

function blockAt(lines: string[], at: number): [Block | null, number] {
  const line = lines[at] ?? '';
  if (!line.trim()) return [null, at + 1];
  const [, marks, title] = HEADING.exec(line) ?? [];
  if (marks) return [{ kind: 'heading', level: marks.length, text: inline(title ?? '') }, at + 1];
  if (ROW.test(line) && RULE.test(lines[at + 1] ?? '')) return tableAt(lines, at);
  return ITEM.test(line) ? listAt(lines, at) : paragraphAt(lines, at);
}

function tableAt(lines: string[], at: number): [Block, number] {
  const end = endOf(lines, at + 2, (line) => ROW.test(line));
  const rows = lines.slice(at + 2, end).map(cells);
  return [{ kind: 'table', head: cells(lines[at] ?? ''), rows }, end];
}

function cells(line: string): Inline[][] {
  return line
    .trim()
    .slice(1, -1)
    .split('|')
    .map((cell) => inline(cell.trim()));
}

function listAt(lines: string[], at: number): [Block, number] {
  const end = endOf(lines, at, (line) => ITEM.test(line) || /^\s+\S/.test(line));
  const items: string[] = [];
  for (const line of lines.slice(at, end)) {
    const text = ITEM.exec(line)?.[2];
    if (text === undefined) items.push(`${items.pop() ?? ''} ${line.trim()}`);
    else items.push(text);
  }
  const ordered = ITEM.exec(lines[at] ?? '')?.[1] !== undefined;
  return [{ kind: 'list', ordered, items: items.map(inline) }, end];
}

function paragraphAt(lines: string[], at: number): [Block, number] {
  const end = endOf(lines, at + 1, (line) => line.trim() !== '' && !HEADING.test(line) && !ITEM.test(line));
  const text = lines.slice(at, end).map((line) => line.trim());
  return [{ kind: 'paragraph', text: inline(text.join(' ')) }, end];
}

function endOf(lines: string[], from: number, belongs: (line: string) => boolean): number {
  let end = from;
  while (end < lines.length && belongs(lines[end] ?? '')) end += 1;
  return end;
}

const PARTS = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

export function inline(text: string): Inline[] {
  const found: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(PARTS)) {
    if (match.index > at) found.push({ kind: 'text', text: text.slice(at, match.index) });
    found.push(partOf(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ kind: 'text', text: text.slice(at) });
  return found;
}

function partOf([, code, strong, emphasis, label, address]: RegExpExecArray): Inline {
  if (code !== undefined) return { kind: 'code', text: code };
  if (strong !== undefined) return { kind: 'strong', text: strong };
  if (emphasis !== undefined) return { kind: 'emphasis', text: emphasis };
  // Only what is surely a page; `javascript:` and its like stay words.
  return /^https?:\/\//.test(address ?? '')
    ? { kind: 'link', text: label ?? '', address: address ?? '' }
    : { kind: 'text', text: label ?? '' };
}
