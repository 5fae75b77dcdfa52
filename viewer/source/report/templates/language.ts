/** What a report needs of a language. Sentences hold `{name}`, filled with what the name stands for. */

export interface ReportLanguage {
  /**
   * The report as a whole; the radiologist may edit it. A line that begins with `[names of findings]` is written where
   * none of them is present and all were looked for; where some are, their own sentences stand in its place. A line of
   * which nothing is left is left out.
   */
  template: string;
  /** By finding's name: what is written where it is present. `{place}` is where. */
  present: Readonly<Record<string, string>>;
  /** Of a finding that has no sentence. */
  other: string;
  draft: string;
  final: string;
  technique: string;
  views: Readonly<Record<string, string>>;
  and: string;
  comparison: string;
  noComparison: string;
  ratio: string;
  sides: Readonly<Record<'right' | 'left' | 'both', string>>;
  zones: Readonly<Record<'upper' | 'middle' | 'lower', string>>;
  checkPlace: string;
  unverified: string;
  changes: Readonly<Record<'new' | 'gone' | 'higher' | 'lower' | 'same', string>>;
  notRead: string;
  normal: string;
  nothingReached: string;
  nothingSaid: string;
  signed: string;
  notSigned: string;
}
