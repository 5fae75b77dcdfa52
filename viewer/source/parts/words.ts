import { words } from '../language/language';

export const say = words({
  en: { close: 'Close', dismiss: 'Dismiss' },
  vi: { close: 'Đóng', dismiss: 'Bỏ qua' },
  fr: { close: 'Fermer', dismiss: 'Ignorer' },
});
