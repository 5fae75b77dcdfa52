/** The interface's words, by the names that the rest of the viewer uses. `openapi.ts` is generated; see scripts/viewer_types.py. */

import type { components } from './openapi';

type Schemas = components['schemas'];

export type Study = Schemas['Study'];
export type StudyInstance = Schemas['StudyInstance'];
export type StudyWithCompletions = Schemas['StudyWithCompletions'];
export type Patient = Schemas['Patient'];
export type Prior = Schemas['Prior'];
export type Reading = Schemas['Reading'];
export type Pending = Schemas['Pending'];
export type Finding = Schemas['Finding'];
export type CardiothoracicRatio = Schemas['CardiothoracicRatio'];
export type Gate = Schemas['Gate'];
export type Box = Schemas['Box'];
export type Verdict = Schemas['Verdict'];
export type Missed = Schemas['Missed'];
export type Review = Schemas['Review'];
export type ReviewAnswer = Schemas['ReviewAnswer'];
export type ReaderInformation = Schemas['ReaderInformation'];
export type Upload = Schemas['Upload'];
export type State = Study['state'];
export type Session = Schemas['Session'];
export type WaysIn = Schemas['WaysIn'];
export type Account = Schemas['Account'];
export type Key = Schemas['Key'];
export type KeyWithSecret = Schemas['KeyWithSecret'];
export type DeadLetter = Schemas['DeadLetter'];
export type Sent = Schemas['Sent'];
export type ProblemDocument = Schemas['Problem'];
export type RefusalCode = Schemas['RefusalCode'];
