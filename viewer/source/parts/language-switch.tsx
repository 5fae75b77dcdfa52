/** The page's language, changed at once. */

import { language, LANGUAGES, speak, type Language } from '../language/language';
import { say } from './words';

export function LanguageSwitch() {
  return (
    <select
      class="language-switch"
      aria-label={say('language')}
      value={language.value}
      onChange={(event) => speak(event.currentTarget.value as Language)}
    >
      {Object.entries(LANGUAGES).map(([tag, name]) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </select>
  );
}
