import { words } from '../language/language';

export const say = words({
  en: { close: 'Close', dismiss: 'Dismiss', language: 'Language', inEnglish: 'In detail, in English' },
  vi: { close: 'Đóng', dismiss: 'Bỏ qua', language: 'Ngôn ngữ', inEnglish: 'Chi tiết (tiếng Anh)' },
  fr: { close: 'Fermer', dismiss: 'Ignorer', language: 'Langue', inEnglish: 'En détail, en anglais' },
});
