/** The service's own words, which are English: plainly on an English page, folded away on one in another language. */

import { language } from '../language/language';
import { say } from './words';

export function InEnglish({ text }: { text: string }) {
  if (!text) return null;
  if (language.value === 'en') return <span class="in-english">{text}</span>;
  return (
    <details class="in-english">
      <summary>{say('inEnglish')}</summary>
      <span lang="en">{text}</span>
    </details>
  );
}
