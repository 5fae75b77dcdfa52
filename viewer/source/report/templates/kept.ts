/** The languages of reports, and what a radiologist made of their templates, kept in this browser. */

import type { Language } from '../../language/language';
import { preference } from '../../parts/preferences';
import { en } from './en';
import { fr } from './fr';
import type { ReportLanguage } from './language';
import { vi } from './vi';

export const REPORT_LANGUAGES: Readonly<Record<Language, ReportLanguage>> = { vi, en, fr };

const kept = {
  vi: preference<string>('report.vi', ''),
  en: preference<string>('report.en', ''),
  fr: preference<string>('report.fr', ''),
};

export function templateOf(language: Language): string {
  return kept[language].value || REPORT_LANGUAGES[language].template;
}

/** The original, or nothing, is not kept: a later version's template then takes its place. */
export function keepTemplate(language: Language, template: string): void {
  const isOwn = template.trim() !== '' && template !== REPORT_LANGUAGES[language].template;
  kept[language].value = isOwn ? template : '';
}
