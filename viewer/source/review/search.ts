/** Findings whose names hold what was typed, without case and diacritics. */

/** Those that begin with it first. Nothing typed: all. */
export function matching(names: readonly string[], typed: string, named: (name: string) => string): string[] {
  const wanted = folded(typed.trim());
  const spoken = names.map((name) => ({ name, words: [folded(named(name)), folded(name)] }));
  const found = spoken.filter(({ words }) => words.some((word) => word.includes(wanted)));
  const first = ({ words }: (typeof spoken)[number]) => words.some((word) => word.startsWith(wanted));
  return [...found.filter(first), ...found.filter((one) => !first(one))].map(({ name }) => name);
}

export function folded(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').replaceAll('_', ' ');
}
