import io
import warnings
import zlib

import pytest
from pydicom import dcmread
from pydicom.uid import DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian

from serving.instances import derive_uid, identify
from tests.serving.files import dicom, png

LIMIT = 10**6


def test_the_header_says_who_and_what() -> None:
    instance = identify(dicom("1.2.3.1", PatientSex="F", PatientBirthDate="19700102"), LIMIT)
    assert (instance.sop_instance_uid, instance.study_instance_uid) == ("1.2.3.1", "1.2.3.30")
    assert (instance.modality, instance.view_position, instance.study_date) == ("DX", "PA", "20260102")
    assert (instance.patient.patient_id, instance.patient.sex, instance.patient.birth_date) == ("P-1", "F", "19700102")


def test_who_wrote_the_file_is_not_its_content() -> None:
    plain, other = dicom(), dcmread(io.BytesIO(dicom()))
    other.file_meta.ImplementationVersionName = "ANOTHER"
    file = io.BytesIO()
    other.save_as(file)
    assert file.getvalue() != plain
    assert identify(file.getvalue(), LIMIT).content_hash == identify(plain, LIMIT).content_hash
    assert identify(dicom(shade=7), LIMIT).content_hash != identify(plain, LIMIT).content_hash


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_every_encoding_of_the_header_is_read(syntax: str) -> None:
    assert identify(dicom("1.2.3.1", syntax=syntax), LIMIT).sop_instance_uid == "1.2.3.1"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "charset", "shown"),
    [
        ("Nguyễn^Văn^An", "ISO_IR 192", "Nguyễn Văn An"),
        ("Buc^Jérôme", "ISO_IR 100", "Buc Jérôme"),
        ("Adams^John Robert Quincy^^Rev.^B.A.", None, "Adams John Robert Quincy Rev. B.A."),
        # ISO 2022 with an ideographic group, PS3.5 H.3.1: the alphabetic group is shown
        ("Yamada^Tarou=山田^太郎", ["", "ISO 2022 IR 87"], "Yamada Tarou"),
        ("=山田^太郎", "ISO_IR 192", "山田 太郎"),
        ("", "ISO_IR 192", ""),
        (None, None, ""),
    ],
)
def test_names_are_shown_as_people_write_them(name: str | None, charset: object, shown: str) -> None:
    assert identify(dicom(PatientName=name, SpecificCharacterSet=charset), LIMIT).patient.name == shown


@pytest.mark.parametrize(
    "data",
    [png(), b"", b"hello", dicom()[:140], b"\0" * 128 + b"DICM" + b"\xff" * 50, dicom(None)],
)
def test_what_states_no_uid_gets_one_of_its_content(data: bytes) -> None:
    instance = identify(data, LIMIT)
    assert instance.sop_instance_uid == derive_uid("instance", instance.content_hash)
    assert len(instance.sop_instance_uid) <= 64
    assert identify(data + b"x", LIMIT).sop_instance_uid != instance.sop_instance_uid


@pytest.mark.parametrize("stated", ["<script>", "1.2." + "3" * 70, "../../etc", "1", "."])
def test_a_uid_that_is_none_is_not_taken(stated: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom knows that it is none
        data = dicom(stated)
    assert identify(data, LIMIT).sop_instance_uid.startswith("2.25.")


def test_derived_uids_are_uuids_under_2_25_and_differ_by_what_they_name() -> None:
    uids = {derive_uid(what, "ab" * 32) for what in ("instance", "series", "study")}
    assert len(uids) == 3
    assert all(uid.startswith("2.25.") and int(uid[5:]) < 2**128 for uid in uids)


def test_a_deflated_header_that_inflates_to_too_much_is_given_up() -> None:
    data = dicom("1.2.3.1", syntax=DeflatedExplicitVRLittleEndian)
    meta = data[: 144 + int.from_bytes(data[140:144], "little")]
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    bomb = meta + packer.compress(b"\x08\0\x18\0UI\0\0" * (2 * LIMIT)) + packer.flush()
    assert len(bomb) < LIMIT
    assert identify(bomb, LIMIT).sop_instance_uid.startswith("2.25.")
