/** A report's text from a template and what is known. */

import { SUMMARY } from '../review/order';
import type { Facts, Told } from './facts';
import type { ReportLanguage } from './templates/language';

/** How moments, dates and numbers are written. */
export interface Writing {
  date(dicom: string): string;
  moment(iso: string): string;
  decimal(value: number): string;
}

/** `template` is the language's own, or what the radiologist made of it. */
export function fill(template: string, language: ReportLanguage, facts: Facts, writing: Writing): string {
  const values = valuesOf(language, facts, writing, namedIn(template));
  const lines = template.split('\n').map((line) => filledLine(line, language, facts, values));
  return lines
    .filter((line) => line !== null)
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** null: nothing is left of the line. */
function filledLine(
  line: string,
  language: ReportLanguage,
  facts: Facts,
  values: Record<string, string>,
): string | null {
  const bracketed = /^\[([^\]]*)\]\s*(.*)$/.exec(line);
  if (bracketed) return aboutFindings(listed(bracketed[1] ?? ''), bracketed[2] ?? '', language, facts);
  const filled = put(line, values);
  return filled.trim() === '' && line.trim() !== '' ? null : filled;
}

/** The sentences of those that are present; the line's own where none is and all were looked for. */
function aboutFindings(names: string[], absent: string, language: ReportLanguage, facts: Facts): string | null {
  const about = facts.told.filter(({ name }) => names.includes(name));
  const present = about.filter((one) => one.isPresent);
  if (present.length > 0) return present.map((one) => sentence(one, language)).join(' ');
  return names.every((name) => about.some((one) => one.name === name)) ? absent : null;
}

function valuesOf(language: ReportLanguage, facts: Facts, writing: Writing, named: ReadonlySet<string>) {
  const present = facts.told.filter((one) => one.isPresent);
  const others = present.filter(({ name }) => !named.has(name));
  return {
    status: facts.signed ? language.final : language.draft,
    technique: put(language.technique, { views: viewsOf(facts.views, language).join(language.and) }),
    comparison: facts.before ? put(language.comparison, { date: writing.date(facts.before) }) : language.noComparison,
    ratio: ratioOf(language, facts, writing),
    others: others.map((one) => sentence(one, language)).join(' '),
    changes: changesOf(language, facts),
    comments: facts.comments.join('\n'),
    unread: viewsOf(facts.unread, language)
      .map((view) => put(language.notRead, { view }))
      .join(' '),
    impression: impressionOf(present, language, facts),
    who: facts.signed
      ? put(language.signed, { who: facts.signed.who, when: writing.moment(facts.signed.when), reader: facts.reader })
      : put(language.notSigned, { reader: facts.reader }),
  };
}

function impressionOf(present: Told[], language: ReportLanguage, facts: Facts): string {
  if (present.length > 1) return present.map((one, at) => `${at + 1}. ${sentence(one, language)}`).join('\n');
  if (present[0]) return sentence(present[0], language);
  if (facts.told.length === 0) return facts.signed ? '' : language.nothingSaid;
  return facts.signed ? language.normal : language.nothingReached;
}

function sentence({ name, side, zone, isPlaceUncertain, isUnverified }: Told, language: ReportLanguage): string {
  const where = (side ? language.sides[side] : '') + (zone ? language.zones[zone] : '');
  const place = where + (where && isPlaceUncertain ? language.checkPlace : '');
  const written = put(language.present[name] ?? language.other, { place, name: bare(name) });
  return isUnverified ? written.replace(/\.$/, `${language.unverified}.`) : written;
}

function changesOf(language: ReportLanguage, { told }: Facts): string {
  const said = Object.entries(language.changes).map(([change, words]) => {
    const found = told.filter((one) => one.change === change && (one.isPresent || change === 'gone'));
    const findings = found.map(({ name }) => short(name, language)).join(', ');
    return findings && put(words, { findings });
  });
  return said.filter(Boolean).join(' ');
}

function ratioOf(language: ReportLanguage, { ratio }: Facts, writing: Writing): string {
  if (!ratio) return '';
  const [below, above] = ratio.error;
  const [value, low, high] = [ratio.value, ratio.value - above, ratio.value - below].map((one) => writing.decimal(one));
  return put(language.ratio, { value: value ?? '', low: low ?? '', high: high ?? '' });
}

/** The finding's sentence without place and full stop, for lists. */
function short(name: string, language: ReportLanguage): string {
  const words = put(language.present[name] ?? language.other, { place: '', name: bare(name) }).replace(/\.$/, '');
  return words.charAt(0).toLowerCase() + words.slice(1);
}

function viewsOf(views: readonly string[], language: ReportLanguage): string[] {
  return [...new Set(views)].map((view) => language.views[view] ?? view);
}

/** Findings that have a line of their own. */
function namedIn(template: string): Set<string> {
  const lists = [...template.matchAll(/^\[([^\]]*)\]/gm)].map((found) => found[1] ?? '');
  return new Set([SUMMARY, ...lists.flatMap(listed)]);
}

function listed(names: string): string[] {
  return names.split(',').map((name) => name.trim());
}

function bare(name: string): string {
  return name.replaceAll('_', ' ');
}

function put(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
