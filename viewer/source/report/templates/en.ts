import type { ReportLanguage } from './language';

export const en: ReportLanguage = {
  template: `CHEST RADIOGRAPH
{status}

TECHNIQUE
{technique}

COMPARISON
{comparison}

FINDINGS
[Cardiomegaly] The heart is not enlarged.
{ratio}
[Enlarged Cardiomediastinum] The mediastinum is not widened.
[Consolidation, Infiltration, Pneumonia, Atelectasis] No consolidation, infiltrate or atelectasis.
[Mass] No mass.
[Nodule] No nodule.
[Edema] No pulmonary edema.
[Emphysema, Fibrosis] No emphysema or fibrosis.
[Effusion, Pleural_Thickening] No pleural effusion, no pleural thickening.
[Pneumothorax] No pneumothorax.
{others}
{changes}
{comments}
{unread}

IMPRESSION
{impression}

{who}`,
  present: {
    Atelectasis: 'Atelectasis{place}.',
    Cardiomegaly: 'The heart is enlarged.',
    Consolidation: 'Consolidation{place}.',
    'COVID-19': 'Pattern as seen in COVID-19 pneumonia{place}.',
    Edema: 'Pulmonary edema{place}.',
    Effusion: 'Pleural effusion{place}.',
    Emphysema: 'Emphysema{place}.',
    'Enlarged Cardiomediastinum': 'The cardiomediastinal silhouette is enlarged.',
    Fibrosis: 'Fibrosis{place}.',
    Fracture: 'Rib fracture{place}.',
    Hernia: 'Hiatal hernia.',
    Infiltration: 'Infiltrate{place}.',
    'Lung Lesion': 'Lung lesion{place}.',
    'Lung Opacity': 'Lung opacity{place}.',
    Mass: 'Mass{place}.',
    Nodule: 'Nodule{place}.',
    Pleural_Thickening: 'Pleural thickening{place}.',
    Pneumonia: 'Opacity in keeping with pneumonia{place}.',
    Pneumothorax: 'Pneumothorax{place}.',
    Tuberculosis: 'Changes suggestive of pulmonary tuberculosis{place}.',
  },
  other: '{name}{place}.',
  draft: 'DRAFT, AI-assisted, not verified.',
  final: 'AI-assisted; reviewed by a radiologist.',
  technique: 'Chest radiograph, {views}.',
  views: { PA: 'PA', AP: 'AP', lateral: 'lateral', unknown: 'view not stated' },
  and: ' and ',
  comparison: 'Radiograph of {date}.',
  noComparison: 'None.',
  ratio: 'Cardiothoracic ratio {value} ({low} to {high}).',
  sides: { right: ' on the right', left: ' on the left', both: ' on both sides' },
  zones: { upper: ', upper zone', middle: ', middle zone', lower: ', lower zone' },
  checkPlace: ' (location to be checked)',
  unverified: ' [AI, not verified]',
  changes: {
    new: 'New since the prior radiograph: {findings}.',
    gone: 'No longer seen: {findings}.',
    higher: 'More marked than before by the AI: {findings}.',
    lower: 'Less marked than before by the AI: {findings}.',
    same: 'About the same as before: {findings}.',
  },
  notRead: 'The {view} image was not read by the AI.',
  normal: 'No abnormality seen.',
  nothingReached: 'No finding of the AI reaches its threshold; this alone is not a normal.',
  nothingSaid: 'The AI did not read this radiograph.',
  signed: 'Signed off by {who}, {when}. AI: {reader}.',
  notSigned: 'Not signed off. AI: {reader}.',
};
