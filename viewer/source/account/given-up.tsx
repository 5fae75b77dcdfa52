/** Jobs that are not tried again until a person says so. */

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { moment } from '../language/dates';
import { addressOf } from '../parts/route';
import { toast } from '../parts/toast';
import { askJson, orTell, type Problem } from '../service/client';
import { onProgress } from '../service/events';
import type { DeadLetter } from '../service/types';
import { Wrong } from './form';
import { say } from './administration-words';

interface Letters {
  dead_letters: DeadLetter[];
  next: number | null;
}

export function GivenUp() {
  const letters = useSignal<readonly DeadLetter[] | null>(null);
  const next = useSignal<number | null>(null);
  const wrong = useSignal<Problem | string>('');
  const fetch = (cursor: number | null): Promise<void> =>
    orTell(
      async () => {
        const page = await askJson<Letters>(`/api/dead-letters${cursor ? `?cursor=${cursor}` : ''}`);
        letters.value = [...(cursor ? (letters.value ?? []) : []), ...page.dead_letters];
        next.value = page.next;
        wrong.value = '';
      },
      (problem) => (wrong.value = problem),
    );
  useEffect(() => {
    void fetch(null);
    return onProgress((progress) => {
      if (progress?.state === 'failed') void fetch(null);
    });
  }, []);
  const replayed = (id: number): void => {
    letters.value = letters.value?.filter((one) => one.dead_letter_id !== id) ?? null;
  };
  if (!letters.value) return <Wrong what={wrong.value} />;
  return (
    <>
      <p>{say('givenUpWhy')}</p>
      <Wrong what={wrong.value} />
      {letters.value.length === 0 ? (
        <p role="status">{say('noneGivenUp')}</p>
      ) : (
        <Letters of={letters.value} done={replayed} />
      )}
      {next.value !== null && (
        <button type="button" class="button" onClick={() => void fetch(next.value)}>
          {say('more')}
        </button>
      )}
    </>
  );
}

function Letters({ of, done }: { of: readonly DeadLetter[]; done: (id: number) => void }) {
  return (
    <table class="account-table">
      <thead>
        <tr>
          <th scope="col">{say('what')}</th>
          <th scope="col">{say('why')}</th>
          <th scope="col">{say('when')}</th>
          <th scope="col">
            <span class="unseen">{say('replay')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {of.map((letter) => (
          <Letter key={letter.dead_letter_id} letter={letter} done={done} />
        ))}
      </tbody>
    </table>
  );
}

function Letter({ letter, done }: { letter: DeadLetter; done: (id: number) => void }) {
  const { dead_letter_id, task, kind, reason, died_at, study_instance_uid, destination } = letter;
  const replay = (): Promise<void> =>
    orTell(
      async () => {
        await askJson(`/api/dead-letters/${dead_letter_id}/replay`, { method: 'POST' });
        toast(say('replayed'), 'good');
        done(dead_letter_id);
      },
      (problem) => {
        toast(problem, 'warn');
        if (problem.kind === 'not-found') done(dead_letter_id); // somebody else was faster
      },
    );
  return (
    <tr data-letter={dead_letter_id}>
      <td>
        {say(task === 'read' ? 'reading' : task)} {destination}
        {study_instance_uid && (
          <>
            {' '}
            <a href={addressOf({ page: 'study', study: study_instance_uid, patient: 1 })}>{say('study')}</a>
          </>
        )}
      </td>
      <td>
        {kind === 'poison' && `${say('poison')} `}
        {reason}
      </td>
      <td>{moment(died_at)}</td>
      <td>
        <button type="button" class="button" onClick={() => void replay()}>
          {say('replay')}
        </button>
      </td>
    </tr>
  );
}
