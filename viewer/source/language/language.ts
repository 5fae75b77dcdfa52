/** Words in three languages. Every folder keeps its own words beside what says them. */

import { signal } from '@preact/signals';

export const LANGUAGES = { vi: 'Tiếng Việt', en: 'English', fr: 'Français' } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT = 'hilum.language';

/** The language that the page speaks now. Components that use words follow it. */
export const language = signal<Language>(preferred());

export function speak(chosen: Language): void {
  language.value = chosen;
  localStorage.setItem(KEPT, chosen);
  document.documentElement.lang = chosen;
}

/**
 * A function that says these words in the page's language. English has the keys; a language that lacks one, or has one
 * too many, does not compile. `{name}` in a text is filled with the value of that name. A key that is none says nothing.
 */
export function words<T extends Record<string, string>>(all: { en: T } & Record<'vi' | 'fr', Record<keyof T, string>>) {
  return (key: keyof T, values: Record<string, string | number> = {}): string => {
    const texts: Partial<Record<keyof T, string>> = all[language.value];
    return (texts[key] ?? '').replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  };
}

function preferred(): Language {
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  const known = wanted.find((tag): tag is Language => tag !== null && tag in LANGUAGES);
  return known ?? 'en';
}
