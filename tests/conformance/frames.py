"""Frames and bulk data (PS3.18, 10.4.1.1.5 and 10.4.1.1.6; media types: 8.7.3.3)."""

import base64
from io import BytesIO

import imagecodecs
import numpy as np
from pydicom import dcmread, uid
from pydicom.encaps import get_frame

from tests.conformance.check import check
from tests.conformance.corpus import BINARY, FRAMES, File
from tests.conformance.origin_server import OCTETS, OriginServer, expect

PIXEL_DATA, PRIVATE_BINARY = "7FE00010", "00291010"
ANY_OCTETS = f"{OCTETS}; transfer-syntax=*"


def frames(server: OriginServer, file: File, numbers: str, accept: str = OCTETS) -> list[bytes]:
    return [part.content for part in server.parts(f"{file.path}/frames/{numbers}", accept)]


def stored(file: File, number: int) -> bytes:
    """The codestream of a frame, from 1, as it was sent."""
    return get_frame(dcmread(BytesIO(file.data)).PixelData, number - 1, number_of_frames=len(file.pixels))


@check("10.4.1.1.6")
def frames_native(server: OriginServer) -> None:
    file = server.corpus["plain"]
    [part] = server.parts(f"{file.path}/frames/1", OCTETS)
    assert part.media_type == "application/octet-stream"
    assert part.content == file.pixels.tobytes()


@check("10.4.1.1.6, 8.7.5")
def frames_to_who_takes_anything(server: OriginServer) -> None:
    file = server.corpus["plain"]
    [part] = server.parts(f"{file.path}/frames/1", "*/*")
    assert part.content == file.pixels.tobytes()


@check("10.4.1.1.6")
def frames_one_of_many(server: OriginServer) -> None:
    file = server.corpus["frames"]
    assert frames(server, file, "2") == [file.pixels[1].tobytes()]


@check("10.4.1.1.6")
def frames_list(server: OriginServer) -> None:
    file = server.corpus["frames"]
    assert frames(server, file, "1,3") == [file.pixels[0].tobytes(), file.pixels[2].tobytes()]


@check("10.4.1.1.6", optional=True)
def frames_list_in_the_order_asked_for(server: OriginServer) -> None:
    file = server.corpus["frames"]
    assert frames(server, file, "3,1") == [file.pixels[2].tobytes(), file.pixels[0].tobytes()]


@check("10.4.4", optional=True)
def frames_as_a_single_part(server: OriginServer) -> None:
    file = server.corpus["frames"]
    answer = server.get(f"{file.path}/frames/2", "application/octet-stream")
    expect(answer, 200)
    assert answer.headers["content-type"].startswith("application/octet-stream")
    assert answer.content == file.pixels[1].tobytes()


@check("10.4.3.1")
def frames_after_the_last_is_400_or_404(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['frames'].path}/frames/{FRAMES + 1}", OCTETS)
    expect(answer, 400, 404)


@check("10.4.3.1")
def frames_zero_is_400_or_404(server: OriginServer) -> None:
    expect(server.get(f"{server.corpus['frames'].path}/frames/0", OCTETS), 400, 404)


@check("10.4.3.1")
def frames_that_are_no_number_is_400_or_404(server: OriginServer) -> None:
    expect(server.get(f"{server.corpus['frames'].path}/frames/first", OCTETS), 400, 404)


def _native(name: str) -> None:
    @check("8.7.3.3, table 8.7.3-5", name=f"frames_of_{name.replace('-', '_')}_as_native_values")
    def run(server: OriginServer) -> None:
        file = server.corpus[name]
        assert frames(server, file, "1") == [file.pixels.tobytes()]


for _name in ("implicit", "deflated", "rle", "jpeg-2000", "jpeg-ls"):
    _native(_name)


def _compressed(name: str, media_type: str) -> None:
    @check("8.7.3.3, table 8.7.3-5", name=f"frames_of_{name.replace('-', '_')}_as_{media_type.replace('/', '_')}")
    def run(server: OriginServer) -> None:
        file = server.corpus[name]
        accept = f'multipart/related; type="{media_type}"; transfer-syntax={file.transfer_syntax}'
        [part] = server.parts(f"{file.path}/frames/1", accept)
        assert part.media_type == media_type
        assert part.content.rstrip(b"\0") == stored(file, 1).rstrip(b"\0")


_compressed("jpeg", "image/jpeg")
_compressed("jpeg-2000", "image/jp2")
_compressed("jpeg-ls", "image/jls")
_compressed("rle", "image/dicom-rle")
_compressed("jpeg-frames", "image/jpeg")


@check("8.7.3.5.2")
def frames_as_stored_for_any_syntax(server: OriginServer) -> None:
    file = server.corpus["jpeg-2000"]
    [part] = server.parts(f"{file.path}/frames/1", f'multipart/related; type="*/*"; transfer-syntax=*, {ANY_OCTETS}')
    if part.media_type == "application/octet-stream" and part.transfer_syntax in {None, uid.ExplicitVRLittleEndian}:
        assert part.content == file.pixels.tobytes()
    else:
        assert np.array_equal(imagecodecs.jpeg2k_decode(part.content), file.pixels[0])


@check("8.7.3.3")
def frames_of_jpeg_are_decoded_for_octets(server: OriginServer) -> None:
    file = server.corpus["jpeg"]
    [content] = frames(server, file, "1", f"{OCTETS}; transfer-syntax={uid.ExplicitVRLittleEndian}")
    assert len(content) == file.pixels.size
    assert np.abs(np.frombuffer(content, np.uint8).astype(int) - file.pixels.ravel()).max() <= 2


@check("8.7.8.1")
def frames_of_a_media_type_that_is_not_offered_is_406(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/frames/1", 'multipart/related; type="video/mpeg2"')
    expect(answer, 406)


def bulk_uri(server: OriginServer, file: File, tag: str) -> str:
    item = server.metadata(file.path)[0][tag]
    assert "BulkDataURI" in item, f"{tag} must have a BulkDataURI"
    return server.resolved(f"{file.path}/metadata", item["BulkDataURI"])


def bulk(server: OriginServer, file: File, tag: str) -> bytes:
    """The bytes behind an attribute's BulkDataURI."""
    return b"".join(part.content for part in server.parts(bulk_uri(server, file, tag), OCTETS))


@check("10.4.1.1.5, F.2.6")
def bulkdata_of_pixel_data_resolves(server: OriginServer) -> None:
    file = server.corpus["plain"]
    assert bulk(server, file, PIXEL_DATA) == file.pixels.tobytes()


@check("10.4.1.1.5, F.2.6")
def bulkdata_of_frames_resolves(server: OriginServer) -> None:
    file = server.corpus["frames"]
    assert bulk(server, file, PIXEL_DATA) == file.pixels.tobytes()


@check("10.4.1.1.5, F.2.6, F.2.7")
def bulkdata_of_a_private_element_resolves(server: OriginServer) -> None:
    file = server.corpus["plain"]
    item = server.metadata(file.path)[0][PRIVATE_BINARY]
    found = base64.b64decode(item["InlineBinary"]) if "InlineBinary" in item else bulk(server, file, PRIVATE_BINARY)
    assert found[: len(BINARY)] == BINARY


@check("10.4.3.1")
def bulkdata_that_is_not_there_is_404(server: OriginServer) -> None:
    uri = bulk_uri(server, server.corpus["plain"], PIXEL_DATA)
    unknown = uri.replace(server.corpus["plain"].instance, server.corpus.uid("unknown"))
    assert unknown != uri
    expect(server.get(unknown, OCTETS), 404)
