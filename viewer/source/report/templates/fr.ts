import type { ReportLanguage } from './language';

export const fr: ReportLanguage = {
  template: `RADIOGRAPHIE DU THORAX
{status}

TECHNIQUE
{technique}

COMPARAISON
{comparison}

RÉSULTATS
[Cardiomegaly] Silhouette cardiaque de taille normale.
{ratio}
[Enlarged Cardiomediastinum] Médiastin non élargi.
[Consolidation, Infiltration, Pneumonia, Atelectasis] Pas de condensation, d’infiltrat ni d’atélectasie.
[Mass] Pas de masse.
[Nodule] Pas de nodule.
[Edema] Pas d’œdème pulmonaire.
[Emphysema, Fibrosis] Pas d’emphysème ni de fibrose.
[Effusion, Pleural_Thickening] Pas d’épanchement pleural ni d’épaississement pleural.
[Pneumothorax] Pas de pneumothorax.
{others}
{changes}
{comments}
{unread}

CONCLUSION
{impression}

{who}`,
  present: {
    Atelectasis: 'Atélectasie{place}.',
    Cardiomegaly: 'Cardiomégalie.',
    Consolidation: 'Condensation{place}.',
    'COVID-19': 'Aspect évocateur de pneumonie à COVID-19{place}.',
    Edema: 'Œdème pulmonaire{place}.',
    Effusion: 'Épanchement pleural{place}.',
    Emphysema: 'Emphysème{place}.',
    'Enlarged Cardiomediastinum': 'Élargissement cardio-médiastinal.',
    Fibrosis: 'Fibrose{place}.',
    Fracture: 'Fracture de côte{place}.',
    Hernia: 'Hernie hiatale.',
    Infiltration: 'Infiltrat{place}.',
    'Lung Lesion': 'Lésion pulmonaire{place}.',
    'Lung Opacity': 'Opacité pulmonaire{place}.',
    Mass: 'Masse{place}.',
    Nodule: 'Nodule{place}.',
    Pleural_Thickening: 'Épaississement pleural{place}.',
    Pneumonia: 'Opacité compatible avec une pneumonie{place}.',
    Pneumothorax: 'Pneumothorax{place}.',
    Tuberculosis: 'Lésions évocatrices de tuberculose pulmonaire{place}.',
  },
  other: '{name}{place}.',
  draft: 'BROUILLON, assisté par IA, non vérifié.',
  final: 'Assisté par IA ; relu par un radiologue.',
  technique: 'Radiographie du thorax, {views}.',
  views: { PA: 'face (PA)', AP: 'face (AP)', lateral: 'profil', unknown: 'incidence non précisée' },
  and: ' et ',
  comparison: 'Radiographie du {date}.',
  noComparison: 'Aucune.',
  ratio: 'Index cardio-thoracique {value} ({low} à {high}).',
  sides: { right: ' à droite', left: ' à gauche', both: ' des deux côtés' },
  zones: { upper: ', tiers supérieur', middle: ', tiers moyen', lower: ', tiers inférieur' },
  checkPlace: ' (localisation à vérifier)',
  unverified: ' [IA, non vérifié]',
  changes: {
    new: 'Nouveau depuis l’antérieur : {findings}.',
    gone: 'N’est plus visible : {findings}.',
    higher: 'Plus marqué qu’avant selon l’IA : {findings}.',
    lower: 'Moins marqué qu’avant selon l’IA : {findings}.',
    same: 'À peu près inchangé : {findings}.',
  },
  notRead: 'L’image {view} n’a pas été lue par l’IA.',
  normal: 'Pas d’anomalie visible.',
  nothingReached: 'Aucun signe de l’IA n’atteint son seuil ; cela seul ne fait pas un cliché normal.',
  nothingSaid: 'L’IA n’a pas lu cette radiographie.',
  signed: 'Signé par {who}, {when}. IA : {reader}.',
  notSigned: 'Non signé. IA : {reader}.',
};
