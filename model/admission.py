"""Is this file a chest radiograph, by what it says of itself? Asked before its pixels are decoded.

What a file says is believed where it says no; whether the pixels show a frontal chest, the reader looks. Only a
capture, which may be a picture of anything, must say itself that it is a radiograph or of the chest.
"""

from pydicom import uid

from model.dicom_file import uid_name
from model.elements import Elements, named
from model.errors import NotReadable, RefusalCode

_RADIOGRAPHS = frozenset(
    {
        uid.ComputedRadiographyImageStorage,
        uid.DigitalXRayImageStorageForPresentation,
        uid.DigitalXRayImageStorageForProcessing,
    }
)
#: A scanned film, or a radiograph that software wrote.
_CAPTURES = frozenset(
    {
        uid.SecondaryCaptureImageStorage,
        uid.MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
        uid.MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
        uid.MultiFrameTrueColorSecondaryCaptureImageStorage,
    }
)
#: What a radiograph may be. Everything else is refused, if it is kept at all.
SOP_CLASSES = _RADIOGRAPHS | _CAPTURES
#: PS3.3, C.7.3.1.1.1. DR is no defined term, but in use; empty is common in captures.
_MODALITIES = frozenset({"CR", "DX", "RG", "DR", "OT", "SC", ""})
#: Of these, the ones that do not say by what the picture was taken.
_UNSPECIFIC = frozenset({"OT", "SC", ""})
#: Body Part Examined that is the chest, with local words in use.
_CHEST = frozenset({"CHEST", "THORAX", "TORAX", "LUNG", "LUNGS", "NGỰC", "NGUC", "PHỔI", "PHOI"})
#: Body Part Examined (PS3.16, annex L) that is not the chest, without its spaces and underscores. A word that is not
#: in this table is admitted: many are local ones for the chest, and the reader looks at the pixels anyway.
_OTHER_PARTS = (
    "ABDOMEN ABDOMENPELVIS ACJOINT ANKLE ARM BLADDER BREAST CALCANEUS CALF CAROTID CERVICALSPINE CERVIX CLAVICLE "
    "COCCYX CSPINE CTSPINE EAR ELBOW EXTREMITY EYE FACE FACIALBONES FEMUR FIBULA FINGER FOOT FOREARM FOREFOOT "
    "GALLBLADDER HAND HEAD HEADNECK HEEL HIP HUMERUS ILIUM JAW JAWREGION KIDNEY KNEE LEG LLEG LOWEREXTREMITY "
    "LOWERLEG LSPINE LSSPINE LUMBARSPINE LUMBOSACRAL MANDIBLE MAXILLA METACARPUS METATARSUS NASALBONE NECK ORBIT "
    "PARANASALSINUS PATELLA PELVIS PHANTOM PROSTATE RADIUS RADIUSULNA RIB RIBS SACRUM SCALP SCAPULA SCJOINT SELLA "
    "SHOULDER SIJOINT SINUS SKULL SPINE SSPINE STERNUM STOMACH TARSUS TEETH TESTIS THIGH THORACICSPINE THUMB "
    "TIBFIBULA TIBIA TIBIAFIBULA TLSPINE TMJ TOE TONGUE TOOTH TSPINE ULNA UPPERARM UPPEREXTREMITY UTERUS "
    "WHOLESPINE WRIST ZYGOMA"
)


def admit(elements: Elements) -> None:
    """
    Raises:
        NotReadable: not-radiograph, not-chest.
    """
    _admit_sop_class(elements)
    _admit_modality(elements)
    _admit_body_part(elements)
    _admit_capture(elements)


def _admit_sop_class(elements: Elements) -> None:
    sop_class = elements.text("SOPClassUID")
    if sop_class not in SOP_CLASSES:
        came = uid_name(sop_class) if sop_class else "nothing"
        words = f"{named('SOPClassUID')} must be Computed Radiography, Digital X-Ray or Secondary Capture Image Storage"
        raise NotReadable(RefusalCode.NOT_RADIOGRAPH, f"{words}, not {came}. Send a chest radiograph.")


def _admit_modality(elements: Elements) -> None:
    modality = elements.text("Modality").upper()
    if modality not in _MODALITIES:
        words = f"{named('Modality')} must be CR or DX, not '{modality[:16]}'. Send a chest radiograph."
        raise NotReadable(RefusalCode.NOT_RADIOGRAPH, words)


def _admit_body_part(elements: Elements) -> None:
    part = elements.text("BodyPartExamined").upper()
    if "".join(filter(str.isalpha, part)) in _OTHER_PARTS.split():
        words = f"{named('BodyPartExamined')} must be CHEST, not '{part[:16]}'. Send a chest radiograph."
        raise NotReadable(RefusalCode.NOT_CHEST, words)


def _admit_capture(elements: Elements) -> None:
    modality = elements.text("Modality").upper()
    if elements.text("SOPClassUID") not in _CAPTURES or modality not in _UNSPECIFIC:
        return
    part = elements.text("BodyPartExamined").upper()
    if not _CHEST & set("".join(c if c.isalpha() else " " for c in part).split()):
        words = (
            f"A Secondary Capture must say that it is a radiograph, by {named('Modality')} CR or DX, or of the chest"
        )
        raise NotReadable(
            RefusalCode.NOT_RADIOGRAPH, f"{words}, by {named('BodyPartExamined')} CHEST. Add one of them."
        )
