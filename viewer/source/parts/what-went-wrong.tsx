/** A problem, said in the page's language, with what the service says of it, which is English, folded away beside. */

import { language } from '../language/language';
import { problemInWords } from '../language/problems';
import type { Problem } from '../service/client';
import { InEnglish } from './in-english';

export function WhatWentWrong({ problem }: { problem: Problem }) {
  const ownWords = language.value === 'en' && problem.detail;
  return (
    <span data-problem={problem.kind}>
      {ownWords || (
        <>
          {problemInWords(problem)} <InEnglish text={problem.detail} />
        </>
      )}
    </span>
  );
}
