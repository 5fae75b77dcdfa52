/** What was measured and checked beside the findings: cardiothoracic ratio, and what the gate saw. */

import type { CardiothoracicRatio, Gate, Reading } from '../service/types';
import { language } from '../language/language';
import { share } from './percentages';
import { say } from './words';

/** Above this probability the gate's doubt is said; it refuses only above its own limits. */
const DOUBT = 0.1;
/** Share of the distance's limit above which it is said to be near. */
const NEAR_LIMIT = 0.9;

export function Facts({ reading }: { reading: Reading }) {
  return (
    <section class="review-facts">
      <p data-fact="ratio">
        <span class="review-quiet">{say('ratio')}:</span> {ratioInWords(reading)}
      </p>
      {reading.gate && <Checks gate={reading.gate} view={reading.view} />}
    </section>
  );
}

function Checks({ gate, view }: { gate: Gate; view: string }) {
  const lateral = gate.lateral ?? 0;
  const doubts = [1 - gate.upright, gate.inverted, gate.mirrored, gate.child, lateral].some((doubt) => doubt > DOUBT);
  const isNear = gate.distance > NEAR_LIMIT * gate.distance_limit;
  return (
    <details class="review-checks" open={doubts || isNear || gate.corrections.length > 0} data-doubt={doubts || isNear}>
      <summary>{say('checks')}</summary>
      <dl>
        <Check
          name={say('view')}
          value={lateral > DOUBT ? `${view} – ${say('maybeLateral', { percent: share(lateral) })}` : view}
          isDoubtful={view === 'unknown' || lateral > DOUBT}
        />
        <Check name={say('upright')} {...doubt(1 - gate.upright)} />
        <Check name={say('polarity')} {...doubt(gate.inverted)} />
        <Check name={say('mirrored')} {...doubt(gate.mirrored)} />
        <Check
          name={say('age')}
          value={gate.child > DOUBT ? say('maybeChild', { percent: share(gate.child) }) : say('adult')}
          isDoubtful={gate.child > DOUBT}
        />
        <Check
          name={say('distance')}
          value={distanceInWords(gate) + (isNear ? ` – ${say('nearLimit')}` : '')}
          isDoubtful={isNear}
        />
      </dl>
      {gate.corrections.length > 0 && (
        <p class="review-warn">{say('corrected', { what: gate.corrections.join(', ') })}</p>
      )}
    </details>
  );
}

function Check({ name, value, isDoubtful }: { name: string; value: string; isDoubtful: boolean }) {
  return (
    <div class="review-check">
      <dt>{name}</dt>
      <dd class={isDoubtful ? 'review-warn' : ''}>{value}</dd>
    </div>
  );
}

function doubt(probability: number): { value: string; isDoubtful: boolean } {
  const isDoubtful = probability > DOUBT;
  return { value: isDoubtful ? say('perhaps', { percent: share(probability) }) : say('asUsual'), isDoubtful };
}

function distanceInWords({ distance, distance_limit }: Gate): string {
  return say('distanceValue', { value: decimal(distance, 1), limit: decimal(distance_limit, 1) });
}

/** The ratio with its error, or why there is none. */
export function ratioInWords({ cardiothoracic_ratio, no_cardiothoracic_ratio, view }: Reading): string {
  if (cardiothoracic_ratio) return valueInWords(cardiothoracic_ratio);
  if (!no_cardiothoracic_ratio) return say('noRatioUnknown');
  return say('noRatio', { reason: view === 'PA' ? say('noRatioOutlines') : say('noRatioView', { view }) });
}

function valueInWords({ value, error: [below, above] }: CardiothoracicRatio): string {
  const [low, high] = [value - above, value - below]; // the error is ours less theirs
  return say('ratioValue', { value: decimal(value, 2), low: decimal(low, 2), high: decimal(high, 2) });
}

function decimal(value: number, digits: number): string {
  const style = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(language.value, style).format(value);
}
