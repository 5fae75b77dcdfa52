/** Texts at a pane's corners: whose image, which one, how it is shown. Text nodes, all of them. */

import { preference } from '../parts/preferences';
import { dicomDate } from '../language/dates';
import type { Facts } from '../pixels/image-loader';
import { windowOf } from '../pixels/window';
import type { Study, StudyInstance } from '../service/types';
import { ageOf } from './age';
import type { Look } from './look';
import { roundLength } from './measure';
import { lettersOf } from './orientation';
import { paneView, type Pane } from './panes';
import { say } from './words';

/** Hidden when somebody looks over the reader's shoulder. */
export const textsShown = preference<boolean>('texts', true);

interface Props {
  pane: Pane;
  study: Study;
  instance: StudyInstance;
  role: 'alone' | 'current' | 'prior';
}

export function Corners({ pane, study, instance, role }: Props) {
  const [facts, look, view] = [pane.facts.value, pane.look.value, paneView(pane)];
  const date = dicomDate(study.study_date);
  return (
    <>
      {textsShown.value && <Who study={study} facts={facts} />}
      <div class="pane-corner pane-corner-tr">
        {role === 'prior' && <strong class="pane-prior">{say('priorDate', { date })}</strong>}
        {role === 'current' && <strong>{say('current', { date })}</strong>}
        {role === 'alone' && textsShown.value && <span>{date}</span>}
        {textsShown.value && (
          <span>
            {instance.modality} {instance.view === 'unknown' ? '' : instance.view} {facts?.laterality}
          </span>
        )}
        {facts?.source === 'copy' && <strong class="pane-copy">{say('copy')}</strong>}
      </div>
      {facts && look && textsShown.value && <How facts={facts} look={look} />}
      {facts && look && <Letters facts={facts} look={look} />}
      {facts && view && look && textsShown.value && <Bar facts={facts} look={look} />}
    </>
  );
}

function Who({ study: { patient, study_date }, facts }: { study: Study; facts: Facts | null }) {
  const age = ageOf(facts?.age ?? '', patient.birth_date, study_date);
  return (
    <div class="pane-corner pane-corner-tl">
      <strong>{patient.name}</strong>
      <span>{patient.patient_id}</span>
      <span>
        {patient.sex}
        {patient.birth_date && <> · {say('born', { date: dicomDate(patient.birth_date) })}</>}
      </span>
      {age && <span>{say('ageAt', { age })}</span>}
    </div>
  );
}

function How({ facts, look }: { facts: Facts; look: Look }) {
  const { center, width } = windowOf(look.edges, facts);
  const zoom = `${Math.round(look.scale * devicePixelRatio * 100)} %`;
  return (
    <div class="pane-corner pane-corner-br">
      <span>{say('windowIs', { width: Math.round(width), center: Math.round(center) })}</span>
      <span>
        {say('zoomIs', { zoom })}
        {look.rotation !== 0 && <> · {Math.round(look.rotation)}°</>}
        {look.mirrored && <> · {say('mirrored')}</>}
      </span>
    </div>
  );
}

function Letters({ facts, look }: { facts: Facts; look: Look }) {
  const letters = lettersOf(facts.orientation, look);
  if (!letters) return null;
  return (
    <>
      {Object.entries(letters).map(([side, letter]) => (
        <span key={side} class={`pane-letter pane-letter-${side}`}>
          {letter}
        </span>
      ))}
    </>
  );
}

/** Millimetres on the screen; only where the file says them. Across the screen, so it holds for square pixels turned. */
function Bar({ facts, look }: { facts: Facts; look: Look }) {
  const { unit, column, at } = facts.spacing;
  if (unit !== 'mm') return null;
  const pixelsPerMm = look.scale / column;
  const length = roundLength(160 / pixelsPerMm);
  return (
    <div class="pane-bar">
      <span style={{ width: `${length * pixelsPerMm}px` }} />
      {length} mm{at === 'detector' && <> {say('atDetector')}</>}
    </div>
  );
}
