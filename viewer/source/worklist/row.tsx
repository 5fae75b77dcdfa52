/** One study in the worklist. */

import { ago, dicomDate, moment, yearsBetween } from '../language/dates';
import { ageWords, personName, sexWord } from '../language/people';
import { FlagIcon } from '../parts/icons';
import { addressOf } from '../parts/route';
import type { Study } from '../service/types';
import { AiOf } from './ai';
import { isStat, standingOf, type Row } from './rows';
import { StandingOf } from './standing';
import { say } from './words';
import { ROW_HEIGHT } from './window';

interface Properties {
  row: Row;
  place: number;
  isSelected: boolean;
  choose: (key: string) => void;
}

export function StudyRow({ row, place, isSelected, choose }: Properties) {
  const { study, patient, key } = row;
  const address = addressOf({ page: 'study', study: study.study_instance_uid, patient });
  return (
    <div
      class="worklist-row"
      role="row"
      id={`row-${key}`}
      aria-rowindex={place + 2}
      aria-selected={isSelected}
      data-study={study.study_instance_uid}
      data-state={standingOf(study)}
      data-stat={isStat(study)}
      style={{ transform: `translateY(${place * ROW_HEIGHT}px)` }}
      onClick={(event) => {
        choose(key);
        if (!(event.target instanceof HTMLAnchorElement)) location.hash = address;
      }}
    >
      <div role="gridcell" class="worklist-cell">
        <StandingOf study={study} />
      </div>
      <div role="gridcell" class="worklist-cell">
        <a class="worklist-name" href={address} tabIndex={-1}>
          {personName(study.patient.name) || say('noName')}
        </a>
        <span class="worklist-second">{personWords(study)}</span>
      </div>
      <div role="gridcell" class="worklist-cell worklist-cell-ai">
        <AiOf study={study} />
      </div>
      <div role="gridcell" class="worklist-cell">
        <span class="worklist-line">
          <Flags study={study} />
          {study.study_description || study.modalities.join(', ')}
        </span>
        <span class="worklist-second">{studyWords(study)}</span>
      </div>
      <div role="gridcell" class="worklist-cell">
        <time dateTime={study.last_received_at}>{moment(study.last_received_at)}</time>
        <span class="worklist-second">{ago(study.last_received_at)}</span>
      </div>
    </div>
  );
}

function Flags({ study: { flags } }: { study: Study }) {
  return (
    <>
      {flags.map((flag) => {
        const why = say(flag === 'shared-study-uid' ? 'sharedUid' : 'conflict');
        return (
          <span key={flag} class="worklist-flag" role="img" aria-label={why} title={why} data-flag={flag}>
            <FlagIcon />
          </span>
        );
      })}
    </>
  );
}

function personWords({ patient, study_date }: Study): string {
  const age = ageWords(yearsBetween(patient.birth_date, study_date));
  return [patient.patient_id, sexWord(patient.sex), age].filter(Boolean).join(' · ');
}

function studyWords({ modalities, instances, study_date, study_description, accession_number }: Study): string {
  const views = instances.map((one) => one.view).filter((view) => view !== 'unknown');
  const images = instances.length === 1 ? say('oneImage') : say('images', { count: instances.length });
  const kind = study_description ? modalities.join(', ') : '';
  return [kind, [...new Set(views)].join(' + ') || images, study_date && dicomDate(study_date), accession_number]
    .filter(Boolean)
    .join(' · ');
}
