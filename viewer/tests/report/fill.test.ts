import { describe, expect, test } from 'vitest';
import { factsOf, type Reviewed } from '../../source/report/facts';
import { fill } from '../../source/report/fill';
import { REPORT_LANGUAGES } from '../../source/report/templates/kept';
import { writingIn } from '../../source/report/writing';
import { addMissed, EMPTY, judge, type Draft } from '../../source/review/draft';
import type { CardiothoracicRatio, Finding, Reading, ReviewAnswer } from '../../source/service/types';
import { finding, reading } from '../review/readings';

const EFFUSION = finding('Effusion', 0.8, 0.3, { side: 'left', zone: 'lower', location_certain: true });
const MASS = finding('Mass', 0.5, 0.3, { side: 'right' });
const ABSENT = [
  'Cardiomegaly',
  'Pneumothorax',
  'Consolidation',
  'Infiltration',
  'Pneumonia',
  'Atelectasis',
  'Pleural_Thickening',
  'Emphysema',
].map((name) => finding(name, 0.01, 0.3));
const RATIO = { value: 0.47, error: [-0.05, 0.04] as [number, number], lines: {} as CardiothoracicRatio['lines'] };
const SIGNED: ReviewAnswer = {
  reading_id: 7,
  reader: 'stub 1',
  number: 1,
  reviewer: 'reader-7',
  reviewed_at: '2026-01-31T10:00:00Z',
  signed_off: true,
  verdicts: [],
  missed: [],
  comment: '',
};

describe.each(['vi', 'en', 'fr'] as const)('%s', (spoken) => {
  const language = REPORT_LANGUAGES[spoken];
  const text = (images: Reviewed[], before: Parameters<typeof factsOf>[1] = null) =>
    fill(language.template, language, factsOf(images, before), writingIn(spoken));

  test('has a sentence for every finding that it names, and fills all that it names', () => {
    const listed = [...language.template.matchAll(/^\[([^\]]*)\]/gm)].flatMap((found) => (found[1] ?? '').split(', '));
    expect(listed.filter((name) => !(name in language.present))).toEqual([]);
    expect(Object.keys(language.present)).toEqual(Object.keys(REPORT_LANGUAGES.en.present));
    expect(text([image([EFFUSION, MASS, ...ABSENT])])).not.toMatch(/[{}]|^\[/m);
  });

  test('of a draft it says so, and what nobody judged is not said as if somebody had', () => {
    const written = text([image([EFFUSION, ...ABSENT])]);
    expect(written).toContain(language.draft);
    expect(written).toContain(language.unverified);
  });

  test('what is rejected is not in it, and its place is taken by what is absent', () => {
    const written = text([image([EFFUSION, ...ABSENT], judge(EMPTY, 'Effusion', 'rejected'))]);
    expect(written).not.toContain(sentence(language.present.Effusion));
    expect(written).toContain(
      language.template
        .split('\n')
        .find((line) => line.startsWith('[Effusion'))
        ?.replace(/^\[.*\] /, ''),
    );
  });

  test('an image that was not read is never said to be without findings', () => {
    const written = text([image([], EMPTY, { state: 'refused' })]);
    const absent = [...language.template.matchAll(/^\[[^\]]*\] (.*)$/gm)].map((found) => found[1] ?? '');
    expect(absent.filter((line) => written.includes(line))).toEqual([]);
    expect(written).toContain(language.nothingSaid);
  });

  test('signed off without findings it is a normal; before, it is not', () => {
    expect(text([image(ABSENT)])).toContain(language.nothingReached);
    const signed = text([{ ...image(ABSENT), newest: SIGNED }]);
    expect(signed).toContain(language.normal);
    expect(signed).toContain('reader-7');
    expect(signed).not.toContain(language.draft);
  });

  test('a change after the sign-off makes it a draft again', () => {
    expect(text([{ ...image(ABSENT), newest: SIGNED, isBegun: true }])).toContain(language.draft);
  });
});

test('in Vietnamese as a radiologist writes it', () => {
  const draft = addMissed(judge(judge(EMPTY, 'Effusion', 'accepted'), 'Mass', 'accepted'), 'Fracture');
  const before = { date: '20260105', reading: reading([finding('Effusion', 0.1, 0.3), ...ABSENT]) };
  const facts = factsOf([image([EFFUSION, MASS, ...ABSENT], draft, { cardiothoracic_ratio: RATIO })], before);
  const language = REPORT_LANGUAGES.vi;
  expect(fill(language.template, language, facts, writingIn('vi')).split('\n')).toEqual([
    'X-QUANG NGỰC',
    'BẢN NHÁP có AI hỗ trợ, chưa được xác nhận.',
    '',
    'KỸ THUẬT',
    'Chụp X-quang ngực, thẳng (sau – trước).',
    '',
    'SO SÁNH',
    'Phim chụp ngày 5 thg 1, 2026.',
    '',
    'MÔ TẢ',
    'Bóng tim không to.',
    'Chỉ số tim/lồng ngực 0,47 (khoảng 0,43 – 0,52).',
    'Không thấy hình ảnh đông đặc, thâm nhiễm hay xẹp phổi.',
    'Khối mờ bên phải (cần kiểm tra lại vị trí).',
    'Tràn dịch màng phổi bên trái, vùng dưới.',
    'Không thấy tràn khí màng phổi.',
    'Gãy xương sườn.',
    'Mới xuất hiện so với phim cũ: tràn dịch màng phổi.',
    '',
    'KẾT LUẬN',
    '1. Tràn dịch màng phổi bên trái, vùng dưới.',
    '2. Khối mờ bên phải (cần kiểm tra lại vị trí).',
    '3. Gãy xương sườn.',
    '',
    'Chưa ký duyệt. AI: stub 1.',
  ]);
});

test('a template of the radiologist’s own', () => {
  const facts = factsOf([image([EFFUSION, MASS], judge(EMPTY, 'Effusion', 'accepted'))], null);
  const own = 'Dr B\n[Effusion] Sinuses free.\n[Pneumothorax] No air.\n{others}\n{nonsense}';
  // Nobody looked for a pneumothorax, so nothing is said of it; a name that means nothing stays to be seen.
  expect(fill(own, REPORT_LANGUAGES.en, facts, writingIn('en')).split('\n')).toEqual([
    'Dr B',
    'Pleural effusion on the left, lower zone.',
    'Mass on the right (location to be checked) [AI, not verified].',
    '{nonsense}',
  ]);
});

function image(findings: Finding[], draft: Draft = EMPTY, more: Partial<Reading> = {}): Reviewed {
  return { reading: reading(findings, more), view: 'PA', draft, newest: null, isBegun: draft !== EMPTY };
}

function sentence(text = ''): string {
  return text.replace('{place}.', '');
}
