/** The model card, and the part of it that says what the reader cannot see. */

import { useEffect } from 'preact/hooks';
import { language } from '../language/language';
import { Dialog } from '../parts/dialog';
import { section } from '../parts/markdown';
import { Markdown } from '../parts/markdown-view';
import { WhatWentWrong } from '../parts/what-went-wrong';
import { reader } from '../study/reader';
import { cardProblem, fetchCard, modelCard } from './model-card';
import { say } from './words';

/** Its heading in every model card that the trainer writes. */
const BLIND = /cannot see/i;

export function CardDialog({ only, onClose }: { only: 'blind' | 'all'; onClose: () => void }) {
  useEffect(() => void fetchCard(), []);
  const blocks = modelCard.value;
  // A card of somebody else's that has no such section is shown whole.
  const part = blocks && only === 'blind' ? section(blocks, BLIND) : [];
  return (
    <Dialog title={only === 'blind' ? say('blind') : say('card')} wide onClose={onClose}>
      <p class="shell-quiet">
        {reader.value?.reader} {say('cardLanguage')}
      </p>
      {language.value !== 'en' && <InShort />}
      {blocks ? (
        <div lang="en" class="shell-card" tabIndex={0} role="group" aria-label={say('card')}>
          <Markdown blocks={part.length > 0 ? part : blocks} />
        </div>
      ) : (
        <Waiting />
      )}
    </Dialog>
  );
}

/** What holds of every reader here, for those who do not read the card's English. */
function InShort() {
  return (
    <ul class="shell-short">
      {SHORT.map((key) => (
        <li key={key}>{say(key)}</li>
      ))}
    </ul>
  );
}

const SHORT = ['cardFor', 'cardRefused', 'cardListed', 'cardNoPrior', 'cardNotNormal', 'cardHeatmap'] as const;

function Waiting() {
  if (!cardProblem.value) return <p>{reader.value?.model_card ? say('loading') : say('noCard')}</p>;
  return (
    <div>
      {say('failed')} <WhatWentWrong problem={cardProblem.value} />
    </div>
  );
}
