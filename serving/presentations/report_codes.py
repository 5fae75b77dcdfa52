"""The concepts of the structured report, beside those that pydicom names (PS3.16; SNOMED CT; our own scheme)."""

from collections.abc import Mapping

from highdicom.sr import CodedConcept

from serving.presentations.told import SCHEME

PLAIN_CHEST_RADIOGRAPHY = CodedConcept("399208008", "SCT", "Plain chest X-ray")
#: A container of TID 1500, row 12.
QUALITATIVE_EVALUATIONS = CodedConcept("C0034375", "UMLS", "Qualitative Evaluations")
PRESENT, ABSENT = CodedConcept("52101004", "SCT", "Present"), CodedConcept("272519000", "SCT", "Absent")
YES = CodedConcept("373066001", "SCT", "Yes")
SOURCE = CodedConcept("260753009", "SCT", "Source")
PRESENCE = CodedConcept("121052", "DCM", "Presence of property")
PROBABILITY = CodedConcept("122157", "DCM", "Probability")
OPERATING_POINT = CodedConcept("111081", "DCM", "CAD Operating Point Description")
COMMENT = CodedConcept("121106", "DCM", "Comment")
THRESHOLD = CodedConcept("threshold", SCHEME, "Probability from which the finding counts as present")
EXPERIMENTAL = CodedConcept("experimental", SCHEME, "Not shown to be found reliably")
NOT_READ = CodedConcept("not-read", SCHEME, "Not read")
CHEST = CodedConcept("51185008", "SCT", "Chest")
PLACE_UNCERTAIN = CodedConcept("place-uncertain", SCHEME, "Not shown to be located reliably")
RATIO_OF_HEART = CodedConcept("cardiothoracic-ratio", SCHEME, "Cardiothoracic ratio")
VERDICT = CodedConcept("verdict", SCHEME, "Verdict of the reviewer")
RATIO = CodedConcept("1", "UCUM", "no units")
PIXELS = CodedConcept("{pixels}", "UCUM", "Pixels")

SIDES = {
    "right": CodedConcept("24028007", "SCT", "Right"),
    "left": CodedConcept("7771000", "SCT", "Left"),
    "both": CodedConcept("51440002", "SCT", "Right and left"),
}
#: Thirds of a lung's height; SNOMED CT names lobes, which a frontal radiograph does not tell apart.
ZONES = {
    zone: CodedConcept(f"{zone}-lung-zone", SCHEME, f"{zone.capitalize()} zone of lung")
    for zone in ("upper", "middle", "lower")
}
VERDICTS = {
    "accepted": CodedConcept("accepted", SCHEME, "Accepted as the reader has it"),
    "rejected": CodedConcept("rejected", SCHEME, "Rejected: not there"),
    "corrected": CodedConcept("corrected", SCHEME, "There, but at another place"),
    "added": CodedConcept("added", SCHEME, "Added: the reader does not have it"),
}
#: Refusal code to its meaning.
REFUSALS = {
    "not-chest": "Not a radiograph of the chest",
    "not-frontal": "Not a frontal radiograph",
    "child": "Patient younger than the reader covers",
    "poor-quality": "Quality too poor, or orientation unknown",
    "unsupported-syntax": "Encoding not supported",
    "corrupt": "Image damaged",
    "too-large": "Image too large",
}


def concept(code: Mapping[str, str]) -> CodedConcept:
    """Of a document's code."""
    return CodedConcept(code["value"], code["scheme"], code["meaning"])


def refusal_concept(code: str) -> CodedConcept:
    return CodedConcept(code, SCHEME, REFUSALS.get(code, code))
