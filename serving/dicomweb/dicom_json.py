"""A data set as the DICOM JSON Model (PS3.18, annex F).

pydicom writes it too; this differs where the annex does: empty values are ``null`` in a list and no ``Value`` at all
alone (F.2.5), empty groups of a Person Name are left out, group lengths are left out (F.2.2), numbers that JSON has not
(NaN, or an Integer String that is none) stand as strings (F.2.3), and a path says where bulk data lie.
"""

import base64
import math
from collections.abc import Callable, Iterable
from typing import Any

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filewriter import correct_ambiguous_vr
from pydicom.multival import MultiValue

from serving.characters import name_groups

#: Tags and item numbers from the data set to an element, "00081115/1/7FE00010", to the URI of its value.
BulkDataUri = Callable[[str], str]

MEDIA_TYPE = "application/dicom+json"
#: What it is asked for as; ``application/json`` is what plain clients say.
JSON_TYPES = (MEDIA_TYPE, "application/json")
#: Binary values up to this size stand in the document itself.
_INLINE_BYTES = 1024
_BINARY = {"OB", "OD", "OF", "OL", "OV", "OW", "UN"}
_WHOLE = {"IS", "SL", "SS", "SV", "UL", "US", "UV"}
_DECIMAL = {"DS", "FD", "FL"}
_PIXEL_DATA = {0x7FE00008, 0x7FE00009, 0x7FE00010}

Json = dict[str, Any]


def dicom_json(dataset: Dataset, bulk_data_uri: BulkDataUri | None = None) -> Json:
    """The data set, in the order of its tags.

    With ``bulk_data_uri``, large binary values and pixel data are a BulkDataURI; without, pixel data are left out.
    The characters are Unicode: Specific Character Set (0008,0005), where present, says ISO_IR 192.
    """
    correct_ambiguous_vr(dataset, True)
    found = _items(dataset, bulk_data_uri, "")
    if "00080005" in found:
        found["00080005"]["Value"] = ["ISO_IR 192"]
    return found


def _items(dataset: Dataset, bulk_data_uri: BulkDataUri | None, path: str) -> Json:
    found: Json = {}
    for element in dataset:
        tag = f"{int(element.tag):08X}"
        without_bytes = int(element.tag) in _PIXEL_DATA and bulk_data_uri is None
        if element.tag.element == 0 or element.tag.group <= 2 or without_bytes:
            continue
        found[tag] = _element(element, bulk_data_uri, path + tag)
    return found


def _element(element: DataElement, bulk_data_uri: BulkDataUri | None, path: str) -> Json:
    vr = str(element.VR)
    if vr == "SQ":
        items = [_items(item, bulk_data_uri, f"{path}/{n}/") for n, item in enumerate(element.value or (), start=1)]
        return {"vr": vr, "Value": items} if items else {"vr": vr}
    if vr in _BINARY:
        return {"vr": vr, **_binary(element, bulk_data_uri, path)}
    values = [_value(value, vr) for value in _values(element)]
    return {"vr": vr, "Value": values} if any(value is not None for value in values) else {"vr": vr}


def _binary(element: DataElement, bulk_data_uri: BulkDataUri | None, path: str) -> Json:
    data = bytes(element.value or b"")
    if bulk_data_uri is not None and (len(data) > _INLINE_BYTES or int(element.tag) in _PIXEL_DATA):
        return {"BulkDataURI": bulk_data_uri(path)}
    return {"InlineBinary": base64.b64encode(data).decode()} if data else {}


def _values(element: DataElement) -> Iterable[Any]:
    return element.value if isinstance(element.value, MultiValue | list | tuple) else [element.value]


def _value(value: Any, vr: str) -> Any:
    if value is None or value == "":
        return None
    if vr == "PN":
        return name_groups(str(value)) or None
    if vr == "AT":
        return f"{int(value):08X}"
    if vr in _WHOLE or vr in _DECIMAL:
        return _number(value, vr)
    return str(value)


def _number(value: Any, vr: str) -> int | float | str:
    try:
        number = int(value) if vr in _WHOLE else float(value)
    except (ValueError, OverflowError):
        return str(value)
    if math.isnan(number):
        return "NaN"
    return number if math.isfinite(number) else str(number)
