"""The radiograph in the structured report: its image library (PS3.16, TID 1600)."""

from collections.abc import Iterator

from highdicom.sr import (
    CodeContentItem,
    CodedConcept,
    ContainerContentItem,
    ContentItem,
    ContentSequence,
    ImageContentItem,
    NumContentItem,
    RelationshipTypeValues,
    TextContentItem,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from serving.presentations.report_codes import PIXELS, SOURCE

_CONTAINS, _CONTEXT = RelationshipTypeValues.CONTAINS, RelationshipTypeValues.HAS_ACQ_CONTEXT


def image_library(source: Dataset) -> ContainerContentItem:
    """The radiograph, with what its file says of its shape."""
    image = ImageContentItem(
        name=SOURCE,
        referenced_sop_class_uid=source.SOPClassUID,
        referenced_sop_instance_uid=source.SOPInstanceUID,
        relationship_type=_CONTAINS,
    )
    image.ContentSequence = ContentSequence(list(_descriptors(source)))
    group = _container(codes.DCM.ImageLibraryGroup, image)
    return _container(codes.DCM.ImageLibrary, group)


def _container(name: CodedConcept, child: ContentItem) -> ContainerContentItem:
    container = ContainerContentItem(name=name, relationship_type=_CONTAINS)
    container.ContentSequence = ContentSequence([child])
    return container


def _descriptors(source: Dataset) -> Iterator[ContentItem]:
    """TID 1602 and 1603."""
    modality = {"CR": "Computed Radiography", "DX": "Digital Radiography"}.get(str(source.get("Modality")))
    if modality:
        code = CodedConcept(source.Modality, "DCM", modality)
        yield CodeContentItem(name=codes.DCM.Modality, value=code, relationship_type=_CONTEXT)
    for name, keyword in ((codes.DCM.PixelDataRows, "Rows"), (codes.DCM.PixelDataColumns, "Columns")):
        if source.get(keyword):
            yield NumContentItem(name=name, value=source[keyword].value, unit=PIXELS, relationship_type=_CONTEXT)
    orientation = source.get("PatientOrientation")
    if orientation and len(orientation) == 2:
        yield TextContentItem(codes.DCM.PatientOrientationRow, orientation[0], _CONTEXT)
        yield TextContentItem(codes.DCM.PatientOrientationColumn, orientation[1], _CONTEXT)
    spacing = source.get("ImagerPixelSpacing")
    if spacing and len(spacing) == 2:
        millimetre = codes.UCUM.Millimeter
        yield NumContentItem(
            codes.DCM.HorizontalPixelSpacing, float(spacing[1]), millimetre, relationship_type=_CONTEXT
        )
        yield NumContentItem(codes.DCM.VerticalPixelSpacing, float(spacing[0]), millimetre, relationship_type=_CONTEXT)
