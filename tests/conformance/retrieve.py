"""Retrieve transaction (PS3.18, 10.4): whole instances, in the transfer syntaxes that are asked for."""

from io import BytesIO

from pydicom import dcmread, uid

from tests.conformance.check import check
from tests.conformance.origin_server import DICOM, OriginServer, expect

ANY_SYNTAX = f"{DICOM}; transfer-syntax=*"


def uids(server: OriginServer, path: str) -> set[str]:
    return {dataset.SOPInstanceUID for dataset in server.instances(path)}


@check("10.4.1.1.1")
def wado_study(server: OriginServer) -> None:
    file = server.corpus["plain"]
    assert {one.instance for one in server.corpus.of_study(file)} <= uids(server, f"/studies/{file.study}")


@check("10.4.1.1.1")
def wado_series(server: OriginServer) -> None:
    file = server.corpus["plain"]
    found = uids(server, f"/studies/{file.study}/series/{file.series}")
    assert found == {file.instance, server.corpus["brighter"].instance}


@check("10.4.1.1.1")
def wado_instance(server: OriginServer) -> None:
    file = server.corpus["plain"]
    [part] = server.parts(file.path, DICOM)
    assert part.media_type == "application/dicom"
    assert dcmread(BytesIO(part.content)).SOPInstanceUID == file.instance


@check("10.4.4, 8.7.5")
def wado_instance_to_who_takes_anything(server: OriginServer) -> None:
    [part] = server.parts(server.corpus["plain"].path, "*/*")
    assert part.media_type == "application/dicom"


@check("10.4.4", optional=True)
def wado_instance_as_a_single_part(server: OriginServer) -> None:
    file = server.corpus["plain"]
    answer = server.get(file.path, "application/dicom")
    expect(answer, 200)
    assert answer.headers["content-type"].startswith("application/dicom")
    assert dcmread(BytesIO(answer.content)).SOPInstanceUID == file.instance


@check("10.4.4")
def wado_study_as_a_single_part_is_406(server: OriginServer) -> None:
    answer = server.get(f"/studies/{server.corpus.uid('first')}", "application/dicom")
    expect(answer, 406)


@check("RFC 2387, 3.1", optional=True)
def wado_instance_of_an_unquoted_type(server: OriginServer) -> None:
    [part] = server.parts(server.corpus["plain"].path, "multipart/related; type=application/dicom")
    assert part.media_type == "application/dicom"


def _explicit(name: str) -> None:
    @check("8.7.3.2, table 8.7.3-2", name=f"wado_{name.replace('-', '_')}_comes_as_explicit_little_endian")
    def run(server: OriginServer) -> None:
        file = server.corpus[name]
        [found] = server.instances(file.path)
        assert found.file_meta.TransferSyntaxUID == uid.ExplicitVRLittleEndian
        assert found.PixelData == file.pixels.tobytes()


for _name in ("plain", "implicit", "deflated", "rle", "jpeg-2000", "jpeg-ls"):
    _explicit(_name)


def _as_stored(name: str) -> None:
    @check("8.7.3.5.2", name=f"wado_{name.replace('-', '_')}_comes_as_stored_for_any_syntax")
    def run(server: OriginServer) -> None:
        file = server.corpus[name]
        [found] = server.instances(file.path, ANY_SYNTAX)
        sent = dcmread(BytesIO(file.data))
        assert found.file_meta.TransferSyntaxUID == file.transfer_syntax
        assert found.PixelData == sent.PixelData


for _name in ("rle", "jpeg-2000", "jpeg-ls", "jpeg", "jpeg-frames"):
    _as_stored(_name)


@check("8.7.3.5.2")
def wado_syntax_that_is_stored_may_be_named(server: OriginServer) -> None:
    file = server.corpus["jpeg-2000"]
    [found] = server.instances(file.path, f"{DICOM}; transfer-syntax={file.transfer_syntax}")
    assert found.file_meta.TransferSyntaxUID == file.transfer_syntax


@check("8.7.3.5.2, 8.7.8")
def wado_syntax_that_cannot_be_had_is_406(server: OriginServer) -> None:
    accept = f"{DICOM}; transfer-syntax={uid.MPEG2MPML}"
    expect(server.get(server.corpus["plain"].path, accept), 406)


@check("8.7.5")
def wado_best_of_several_syntaxes(server: OriginServer) -> None:
    file = server.corpus["jpeg-ls"]
    accept = f"{DICOM}; transfer-syntax={uid.MPEG2MPML}, {DICOM}; transfer-syntax={file.transfer_syntax}; q=0.5"
    [found] = server.instances(file.path, accept)
    assert found.file_meta.TransferSyntaxUID == file.transfer_syntax


@check("8.7.8.1")
def wado_media_type_that_is_not_offered_is_406(server: OriginServer) -> None:
    expect(server.get(server.corpus["plain"].path, "video/quicktime"), 406)


@check("8.3.3.1")
def wado_accept_as_a_parameter(server: OriginServer) -> None:
    file = server.corpus["plain"]
    answer = server.get(file.path, "*/*", accept="application/dicom")
    expect(answer, 200)
    assert dcmread(BytesIO(answer.content)).SOPInstanceUID == file.instance


def _missing(what: str, path: str) -> None:
    @check("10.4.3.1", name=f"wado_{what}_is_404")
    def run(server: OriginServer) -> None:
        plain, unknown = server.corpus["plain"], server.corpus.uid("unknown")
        found = path.format(study=plain.study, series=plain.series, unknown=unknown)
        answer = server.get(found, DICOM)
        expect(answer, 404)


_missing("unknown_study", "/studies/{unknown}")
_missing("unknown_series", "/studies/{study}/series/{unknown}")
_missing("unknown_instance", "/studies/{study}/series/{series}/instances/{unknown}")


@check("10.4.3.1")
def wado_instance_under_another_study_is_404(server: OriginServer) -> None:
    plain, other = server.corpus["plain"], server.corpus["bare"]
    path = f"/studies/{other.study}/series/{plain.series}/instances/{plain.instance}"
    expect(server.get(path, DICOM), 404)


@check("10.4.3.1")
def wado_uid_that_is_none_is_400_or_404(server: OriginServer) -> None:
    expect(server.get("/studies/not-a-uid", DICOM), 400, 404)
