/** The model card, and the part of it that says what the reader cannot see. */

import { useEffect } from 'preact/hooks';
import { Dialog } from '../parts/dialog';
import { section } from '../parts/markdown';
import { Markdown } from '../parts/markdown-view';
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
      <div lang="en" class="shell-card" tabIndex={0} role="group" aria-label={say('card')}>
        {blocks ? <Markdown blocks={part.length > 0 ? part : blocks} /> : <p>{waitingWords()}</p>}
      </div>
    </Dialog>
  );
}

function waitingWords(): string {
  if (cardProblem.value) return `${say('failed')} ${cardProblem.value.detail}`;
  return reader.value?.model_card ? say('loading') : say('noCard');
}
