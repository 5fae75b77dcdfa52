/** Findings by name. */

import { words } from './language';

const say = words({
  en: {
    Abnormal: 'Abnormal',
    Atelectasis: 'Atelectasis',
    Cardiomegaly: 'Cardiomegaly',
    Consolidation: 'Consolidation',
    COVID_19: 'COVID-19 pattern',
    Edema: 'Pulmonary edema',
    Effusion: 'Pleural effusion',
    Emphysema: 'Emphysema',
    Enlarged_Cardiomediastinum: 'Enlarged cardiomediastinum',
    Fibrosis: 'Fibrosis',
    Fracture: 'Rib fracture',
    Hernia: 'Hiatal hernia',
    Infiltration: 'Infiltration',
    Lung_Lesion: 'Lung lesion',
    Lung_Opacity: 'Lung opacity',
    Mass: 'Mass',
    Nodule: 'Nodule',
    Pleural_Thickening: 'Pleural thickening',
    Pneumonia: 'Pneumonia',
    Pneumothorax: 'Pneumothorax',
    Tuberculosis: 'Tuberculosis',
  },
  vi: {
    Abnormal: 'Bất thường',
    Atelectasis: 'Xẹp phổi',
    Cardiomegaly: 'Bóng tim to',
    Consolidation: 'Đông đặc phổi',
    COVID_19: 'Hình ảnh gợi ý COVID-19',
    Edema: 'Phù phổi',
    Effusion: 'Tràn dịch màng phổi',
    Emphysema: 'Khí phế thũng',
    Enlarged_Cardiomediastinum: 'Bóng tim – trung thất rộng',
    Fibrosis: 'Xơ phổi',
    Fracture: 'Gãy xương sườn',
    Hernia: 'Thoát vị hoành',
    Infiltration: 'Thâm nhiễm',
    Lung_Lesion: 'Tổn thương phổi',
    Lung_Opacity: 'Đám mờ phổi',
    Mass: 'Khối mờ',
    Nodule: 'Nốt mờ',
    Pleural_Thickening: 'Dày màng phổi',
    Pneumonia: 'Viêm phổi',
    Pneumothorax: 'Tràn khí màng phổi',
    Tuberculosis: 'Lao phổi',
  },
  fr: {
    Abnormal: 'Anormal',
    Atelectasis: 'Atélectasie',
    Cardiomegaly: 'Cardiomégalie',
    Consolidation: 'Condensation',
    COVID_19: 'Aspect de COVID-19',
    Edema: 'Œdème pulmonaire',
    Effusion: 'Épanchement pleural',
    Emphysema: 'Emphysème',
    Enlarged_Cardiomediastinum: 'Élargissement cardiomédiastinal',
    Fibrosis: 'Fibrose',
    Fracture: 'Fracture de côte',
    Hernia: 'Hernie hiatale',
    Infiltration: 'Infiltrat',
    Lung_Lesion: 'Lésion pulmonaire',
    Lung_Opacity: 'Opacité pulmonaire',
    Mass: 'Masse',
    Nodule: 'Nodule',
    Pleural_Thickening: 'Épaississement pleural',
    Pneumonia: 'Pneumonie',
    Pneumothorax: 'Pneumothorax',
    Tuberculosis: 'Tuberculose',
  },
});

type Known = Parameters<typeof say>[0];

/** A finding in the page's language; one that is not known here by the reader's own name. */
export function findingName(name: string): string {
  const key = name.replaceAll(/[ -]/g, '_');
  return say(key as Known) || name;
}

/** The closed list of what a reader may look for, as the interface writes it. */
export const FINDINGS = [
  'Abnormal',
  'Atelectasis',
  'Cardiomegaly',
  'Consolidation',
  'COVID-19',
  'Edema',
  'Effusion',
  'Emphysema',
  'Enlarged Cardiomediastinum',
  'Fibrosis',
  'Fracture',
  'Hernia',
  'Infiltration',
  'Lung Lesion',
  'Lung Opacity',
  'Mass',
  'Nodule',
  'Pleural_Thickening',
  'Pneumonia',
  'Pneumothorax',
  'Tuberculosis',
] as const;
