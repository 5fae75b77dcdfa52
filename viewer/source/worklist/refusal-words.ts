/** Why the reader refused an image, short enough for a row. */

import { words } from '../language/language';
import type { RefusalCode } from '../service/types';

const say = words<Record<RefusalCode, string>>({
  en: {
    'not-dicom': 'no DICOM image',
    'not-radiograph': 'no radiograph',
    'not-chest': 'no chest radiograph',
    'not-frontal': 'not a frontal view',
    child: 'a child',
    'poor-quality': 'image too poor or too unlike',
    'unsupported-syntax': 'cannot be decoded here',
    corrupt: 'damaged file',
    'too-large': 'too large',
  },
  vi: {
    'not-dicom': 'không phải ảnh DICOM',
    'not-radiograph': 'không phải phim X-quang',
    'not-chest': 'không phải phim ngực',
    'not-frontal': 'không phải phim thẳng',
    child: 'trẻ em',
    'poor-quality': 'phim quá kém hoặc quá khác lạ',
    'unsupported-syntax': 'không giải mã được',
    corrupt: 'tệp hỏng',
    'too-large': 'quá lớn',
  },
  fr: {
    'not-dicom': 'pas une image DICOM',
    'not-radiograph': 'pas une radiographie',
    'not-chest': 'pas un thorax',
    'not-frontal': 'pas une incidence de face',
    child: 'enfant',
    'poor-quality': 'image trop mauvaise ou trop différente',
    'unsupported-syntax': 'ne peut pas être décodée ici',
    corrupt: 'fichier abîmé',
    'too-large': 'trop grande',
  },
});

export const refusalWord = (code: RefusalCode): string => say(code);
