"""What a decoder process does for metadata: a header as DICOM JSON, with where its bulk data are."""

import json
from collections.abc import Mapping
from io import BytesIO

from pydicom import config
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset

from model.dicom_file import PIXEL_DATA, DicomFile
from model.elements import Elements, Encoding, read
from model.errors import NotReadable, RefusalCode
from serving.dicomweb.dicom_json import Json, dicom_json
from serving.dicomweb.explicit import data_set

#: Bytes of the header of Pixel Data (7FE0,0010): of a VR with a length of four bytes, and without a VR.
_EXPLICIT_HEAD, _IMPLICIT_HEAD = 12, 8


def header_of(file: DicomFile) -> tuple[bytes, bool, bool, str | None]:
    """What ``metadata_json`` needs of a file: its elements before the pixel data, whether they are in explicit VR and
    little endian, and the VR of the pixel data, if there are any."""
    data, encoding, pixel_data = file.elements.data, file.elements.encoding, file.pixel_data
    start = 0 if file.inflated else file.data_set_at
    end = len(data)
    if pixel_data is not None:
        end = pixel_data.start - (_EXPLICIT_HEAD if pixel_data.vr else _IMPLICIT_HEAD)
    return data[start:end], encoding.explicit, encoding.little, (pixel_data.vr or "OW") if pixel_data else None


def metadata_json(header: tuple[bytes, bool, bool, str | None], bulk_data: str, uids: Mapping[str, str]) -> bytes:
    """The data set in the DICOM JSON Model (PS3.18, annex F), its bulk data under the URI ``bulk_data``.

    ``uids``, by keyword, stand where the file has none itself.

    Raises:
        NotReadable: corrupt, when there is no reading it.
    """
    data, explicit, little, pixel_vr = header
    encoding = Encoding(explicit, little)
    elements = read(data, 0, len(data), encoding)
    pieces = b"".join(data_set(DicomFile("", Elements(data, encoding, elements.by_tag), None)))
    try:
        found = _found(pieces, bulk_data, uids)
    except Exception as error:  # noqa: BLE001 - pydicom raises many types for what is no data set
        words = f"The header must be whole and agree with itself, and could not be read ({type(error).__name__})."
        raise NotReadable(RefusalCode.CORRUPT, f"{words} Fetch the instance as it is stored.") from None
    if pixel_vr is not None:
        tag = f"{PIXEL_DATA:08X}"
        found[tag] = {"vr": pixel_vr, "BulkDataURI": f"{bulk_data}/{tag}"}
    return json.dumps(found, ensure_ascii=False, allow_nan=False).encode()


def _found(data: bytes, bulk_data: str, uids: Mapping[str, str]) -> Json:
    dataset = read_dataset(BytesIO(data), is_implicit_VR=False, is_little_endian=True)
    _as_far_as_valid(dataset)
    for keyword, uid in uids.items():
        if not dataset.get(keyword):
            setattr(dataset, keyword, uid)
    return dicom_json(dataset, lambda path: f"{bulk_data}/{path}")


def _as_far_as_valid(dataset: Dataset) -> None:
    """What cannot be read as its VR says stands there as the bytes that came."""
    with config.disable_value_validation():
        for tag in list(dataset.keys()):
            raw = dataset.get_item(tag)
            try:
                element = dataset[tag]
                if element.VR == "SQ":
                    for item in element.value:
                        _as_far_as_valid(item)
            except Exception:  # noqa: BLE001 - pydicom raises many types for values that are none
                value = raw.value if isinstance(raw, RawDataElement) else b""
                dataset[tag] = DataElement(tag, "OB", value)  # pydicom would try again with UN
