import { words } from '../language/language';

export const say = words({
  en: { close: 'Close', dismiss: 'Dismiss', language: 'Language' },
  vi: { close: 'Đóng', dismiss: 'Bỏ qua', language: 'Ngôn ngữ' },
  fr: { close: 'Fermer', dismiss: 'Ignorer', language: 'Langue' },
});
