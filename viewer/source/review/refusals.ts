/** Why the AI did not read an image, by the code of the refusal. */

import { words } from '../language/language';
import type { Reading, RefusalCode } from '../service/types';

const say = words<Record<RefusalCode, string>>({
  en: {
    'not-dicom': 'This file is no DICOM image.',
    'not-radiograph': 'This is not a radiograph.',
    'not-chest': 'This does not look like a chest radiograph.',
    'not-frontal': 'The AI reads frontal views only; this is a lateral one.',
    child: 'The AI is for adults; this is, or looks like, a child.',
    'poor-quality': 'The image is too poor, or unlike what the AI knows, to be read.',
    'unsupported-syntax': 'The file is written in a way that cannot be decoded here.',
    corrupt: 'The file is damaged. Ask for it to be sent again.',
    'too-large': 'The image is larger than what may be read here.',
  },
  vi: {
    'not-dicom': 'Tệp này không phải ảnh DICOM.',
    'not-radiograph': 'Đây không phải phim X-quang.',
    'not-chest': 'Đây không giống phim X-quang ngực.',
    'not-frontal': 'AI chỉ đọc phim thẳng; đây là phim nghiêng.',
    child: 'AI chỉ dùng cho người lớn; đây là phim trẻ em hoặc giống phim trẻ em.',
    'poor-quality': 'Phim quá kém, hoặc quá khác với những gì AI biết, nên không đọc được.',
    'unsupported-syntax': 'Tệp được ghi theo cách không giải mã được ở đây.',
    corrupt: 'Tệp bị hỏng. Hãy yêu cầu gửi lại.',
    'too-large': 'Phim lớn hơn mức được phép đọc ở đây.',
  },
  fr: {
    'not-dicom': 'Ce fichier n’est pas une image DICOM.',
    'not-radiograph': 'Ce n’est pas une radiographie.',
    'not-chest': 'Ceci ne ressemble pas à une radiographie du thorax.',
    'not-frontal': 'L’IA ne lit que les incidences de face ; celle-ci est de profil.',
    child: 'L’IA est destinée aux adultes ; c’est un enfant, ou cela y ressemble.',
    'poor-quality': 'L’image est trop mauvaise, ou trop différente de ce que l’IA connaît, pour être lue.',
    'unsupported-syntax': 'Le fichier est écrit d’une façon qui ne peut pas être décodée ici.',
    corrupt: 'Le fichier est abîmé. Demandez qu’il soit renvoyé.',
    'too-large': 'L’image est plus grande que ce qui peut être lu ici.',
  },
});

/** In the page's language. The service's own words, in English, are `refusal.reason`. */
export function refusalInWords(refusal: Reading['refusal']): string {
  return refusal ? say(refusal.code) : '';
}
