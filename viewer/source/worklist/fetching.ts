/** Rows from the service. */

import { askJson, Problem } from '../service/client';
import type { Study, StudyWithCompletions } from '../service/types';
import { rowOf, type Row } from './rows';

export interface Page {
  rows: Row[];
  /** Where the next page begins; null: this is the last one. */
  next: string | null;
}

/** One page of the worklist. */
export async function fetchPage(
  query: URLSearchParams,
  limit: number,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page> {
  const asked = new URLSearchParams(query);
  asked.set('limit', String(limit));
  if (cursor) asked.set('cursor', cursor);
  const path = `/api/studies?${asked.toString()}`;
  const page = await askJson<{ studies: Study[]; next: string | null }>(path, signal ? { signal } : {});
  return { rows: await Promise.all(page.studies.map(numbered)), next: page.next };
}

/** The rows of one Study Instance UID; none when it is gone. */
export async function fetchRows(uid: string): Promise<Row[]> {
  try {
    const first = await askJson<StudyWithCompletions>(`/api/studies/${uid}`);
    const others = Array.from({ length: first.patients - 1 }, (_, place) => place + 2);
    const rest = others.map(async (patient) =>
      rowOf(await askJson<StudyWithCompletions>(`/api/studies/${uid}?patient=${patient}`), patient),
    );
    return [rowOf(first), ...(await Promise.all(rest))];
  } catch (problem) {
    if (problem instanceof Problem && problem.kind === 'not-found') return [];
    throw problem;
  }
}

/** A row with its patient's number; only where two patients share the UID is there anything to find out. */
async function numbered(study: Study): Promise<Row> {
  if (!study.flags.includes('shared-study-uid')) return rowOf(study);
  const image = study.instances[0]?.sop_instance_uid;
  const all = await fetchRows(study.study_instance_uid);
  const same = all.find((row) => row.study.instances.some((one) => one.sop_instance_uid === image));
  return rowOf(study, same?.patient ?? 1);
}
