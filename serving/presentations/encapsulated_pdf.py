"""The report page in DICOM: an Encapsulated PDF of the radiograph's study (PS3.3, A.45.1)."""

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

from serving.presentations.dicom_result import Answer, finished, local_time
from serving.presentations.report_page import report_page


def encapsulated_pdf(answer: Answer) -> Dataset:
    """The document as a data set with file meta information; the same answer gives the same bytes."""
    page = report_page(answer)
    identity = answer.identity("pdf")
    result = Dataset()
    result.file_meta = FileMetaDataset()
    result.file_meta.MediaStorageSOPClassUID = result.SOPClassUID = EncapsulatedPDFStorage
    result.file_meta.MediaStorageSOPInstanceUID = result.SOPInstanceUID = identity["sop_instance_uid"]
    result.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    result.Modality, result.ConversionType = "DOC", "WSD"
    result.SeriesInstanceUID, result.SeriesNumber = identity["series_instance_uid"], identity["series_number"]
    result.InstanceNumber = identity["instance_number"]
    result.ContentDate = result.ContentTime = result.InstanceCreationDate = result.InstanceCreationTime = None
    result.AcquisitionDateTime = local_time(answer).strftime("%Y%m%d%H%M%S%z")
    # Ours names nobody; the radiograph on the page may, unless its file says that it does not. It must be one of two.
    result.BurnedInAnnotation = "NO" if answer.source.get("BurnedInAnnotation") == "NO" else "YES"
    result.DocumentTitle = answer.notice
    result.ConceptNameCodeSequence = [_code("18748-4", "LN", "Imaging Report")]
    result.VerificationFlag = "VERIFIED" if answer.review and answer.review.is_signed_off else "UNVERIFIED"
    result.SourceInstanceSequence = [_radiograph(answer)]
    result.MIMETypeOfEncapsulatedDocument = "application/pdf"
    result.EncapsulatedDocumentLength = len(page)
    result.EncapsulatedDocument = page + b"\0" * (len(page) % 2)
    return finished(result, answer, "pdf")


def _radiograph(answer: Answer) -> Dataset:
    source = Dataset()
    source.ReferencedSOPClassUID = answer.source.SOPClassUID
    source.ReferencedSOPInstanceUID = answer.source.SOPInstanceUID
    source.PurposeOfReferenceCodeSequence = [_code("121322", "DCM", "Source image for image processing operation")]
    return source


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, scheme, meaning
    return code
