"""The closed list of what a reader may look for, with the code that goes into every result.

Edit here to add a finding. A manifest of weights names findings of this list; it cannot invent one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Code:
    """A coded concept: DICOM's Code Value, Coding Scheme Designator and Code Meaning (PS3.3, 8.1 to 8.3)."""

    scheme: str
    value: str
    meaning: str


def _sct(value: str, meaning: str) -> Code:
    return Code(scheme="SCT", value=value, meaning=meaning)


def _dcm(value: str, meaning: str) -> Code:
    return Code(scheme="DCM", value=value, meaning=meaning)


def _ours(value: str, meaning: str) -> Code:
    """A concept for which no public code is confirmed."""
    return Code(scheme="99HILUM", value=value, meaning=meaning)


#: Name of the finding (as public data sets spell it) to its code.
FINDINGS: dict[str, Code] = {
    "Atelectasis": _sct("46621007", "Atelectasis"),
    "Cardiomegaly": _sct("8186001", "Cardiomegaly"),
    "Consolidation": _sct("95436008", "Lung consolidation"),
    "Edema": _sct("19242006", "Pulmonary edema"),
    "Effusion": _sct("60046008", "Pleural effusion"),
    "Emphysema": _sct("87433001", "Pulmonary emphysema"),
    "Enlarged Cardiomediastinum": _ours("enlarged-cardiomediastinum", "Enlarged cardiomediastinum"),
    "Fibrosis": _sct("51615001", "Fibrosis of lung"),
    "Fracture": _sct("33737001", "Fracture of rib"),
    "Hernia": _sct("84089009", "Hiatal hernia"),
    "Infiltration": _sct("409609008", "Radiologic infiltrate of lung"),
    "Lung Lesion": _ours("lung-lesion", "Lung lesion"),
    "Lung Opacity": _dcm("112001", "Opacity"),
    "Mass": _sct("309529002", "Lung mass"),
    "Nodule": _sct("427359005", "Solitary nodule of lung"),
    "Pleural_Thickening": _ours("pleural-thickening", "Pleural thickening"),
    "Pneumonia": _sct("233604007", "Pneumonia"),
    "Pneumothorax": _sct("36118008", "Pneumothorax"),
    "Tuberculosis": _sct("154283005", "Pulmonary tuberculosis"),
    "COVID-19": _ours("covid-19-pattern", "Pattern seen in COVID-19 pneumonia"),
    "Abnormal": _ours("abnormal", "Any abnormality"),
}
