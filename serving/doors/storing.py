"""One data set that comes by C-STORE, on its way to the disk: hashed and written in large pieces as it comes."""

import logging
import struct

from model.dicom_file import open_file
from model.errors import NotReadable, Unavailable
from serving.associations.messages import Message, Reply
from serving.associations.pdus import Answered
from serving.doors.statuses import Status
from serving.doors.taking import is_stored_here, take_identified
from serving.instances import Instance, Origin, content_hasher, describe
from serving.logs import place_of
from serving.presentations.dicom_result import OUR_IMPLEMENTATION, OUR_VERSION_NAME
from serving.services import Services
from serving.store.reception import Receipt
from serving.store.staged import PIECE_BYTES

log = logging.getLogger("hilum.dimse")

_PREAMBLE = b"\0" * 128 + b"DICM"
_RECEIPTS = {
    Receipt.CONFLICT: Reply(status=Status.DUPLICATE_UID, comment="Other content is stored under this UID."),
    Receipt.NOT_STORED: Reply(status=Status.SOP_CLASS_NOT_SUPPORTED, comment="Only CR, DX and SC are stored here."),
}


class Storing:
    """Takes the data set of one C-STORE request. What is refused already is heard to its end and let go."""

    def __init__(self, services: Services, origin: Origin, message: Message, context: Answered) -> None:
        self._services = services
        self._origin = origin
        self._message = message
        self._hash = content_hasher(context.transfer_syntax)
        #: What came and was neither hashed nor written yet is gathered[:size].
        self._gathered = memoryview(bytearray(PIECE_BYTES))
        self._size = 0
        self._staged = None
        self._refusal = _early_refusal(message, context, services)
        if self._refusal:
            return
        try:
            self._staged = services.store.objects.stage()
            self._staged.write(_PREAMBLE + _file_meta(message, context.transfer_syntax))
        except (Unavailable, OSError) as error:
            self._refuse_for_now(error)

    def add(self, piece: memoryview) -> None:
        if self._refusal:
            return
        if self._size + len(piece) > PIECE_BYTES:
            self._pass_on()
        self._gathered[self._size : self._size + len(piece)] = piece
        self._size += len(piece)

    def reply(self) -> Reply:
        self._pass_on()
        if self._refusal or self._staged is None:
            return self._refusal or Reply(status=Status.OUT_OF_RESOURCES)
        try:
            instance = self._instance()
            if mismatch := _mismatch(self._message, instance):
                return Reply(status=Status.DOES_NOT_MATCH, comment=mismatch)
            taken = take_identified(instance, self._staged, self._services, self._origin)
        except NotReadable as error:
            return Reply(status=Status.CANNOT_UNDERSTAND, comment=f"The data set is {error.code}.")
        except Unavailable as error:
            self._refuse_for_now(error)
            return Reply(status=Status.OUT_OF_RESOURCES, comment="Not stored. Send it again later.")
        return _RECEIPTS.get(taken.receipt, Reply(status=Status.SUCCESS))

    def close(self) -> None:
        if self._staged is not None:
            self._staged.close()

    def _pass_on(self) -> None:
        piece, self._size = self._gathered[: self._size], 0
        if self._refusal or self._staged is None:
            return
        most = self._services.settings.max_instance_bytes
        if len(self._staged) + len(piece) > most:
            log.warning("an instance of more than %d bytes was not stored", most)
            self._refusal = Reply(status=Status.CANNOT_UNDERSTAND, comment=f"Larger than {most} bytes.")
            self._staged.close()
            return
        self._hash.update(piece)
        try:
            self._staged.write(piece)
        except OSError as error:
            self._refuse_for_now(error)

    def _refuse_for_now(self, error: Exception) -> None:
        log.warning("not now: %s", error if isinstance(error, Unavailable) else place_of(error))
        self._refusal = Reply(status=Status.OUT_OF_RESOURCES, comment="Not stored. Send it again later.")

    def _instance(self) -> Instance:
        assert self._staged is not None
        with self._staged.mapped() as data:
            file = open_file(data, self._services.settings.max_instance_bytes)
            return describe(file.elements, file.transfer_syntax, self._hash.hexdigest())


def _early_refusal(message: Message, context: Answered, services: Services) -> Reply | None:
    """What the command set alone is enough to refuse."""
    if message.sop_class_uid != context.abstract_syntax:
        comment = "The SOP class must be that of the presentation context."
        return Reply(status=Status.SOP_CLASS_NOT_SUPPORTED, comment=comment)
    if not is_stored_here(message.sop_class_uid, services.settings):
        return _RECEIPTS[Receipt.NOT_STORED]
    return None


def _mismatch(message: Message, instance: Instance) -> str | None:
    """How a data set is not what its command set says (PS3.4, B.2.3); None when it is."""
    if not instance.is_complete:
        return "SOP class, instance, series and study must have valid UIDs."
    if instance.sop_class_uid != message.sop_class_uid:
        return "SOP Class UID (0008,0016) must be that of the request."
    if instance.sop_instance_uid != message.sop_instance_uid:
        return "SOP Instance UID (0008,0018) must be that of the request."
    return None


def _file_meta(message: Message, syntax: str) -> bytes:
    """File Meta Information (PS3.10, 7.1), as of a file that we write; by pydicom it took a millisecond a file."""
    elements = [
        struct.pack("<HH2sHIH", 2, 0x0001, b"OB", 0, 2, 0x0100),
        _element(0x0002, b"UI", message.sop_class_uid),
        _element(0x0003, b"UI", message.sop_instance_uid),
        _element(0x0010, b"UI", syntax),
        _element(0x0012, b"UI", OUR_IMPLEMENTATION),
        _element(0x0013, b"SH", OUR_VERSION_NAME),
    ]
    written = b"".join(elements)
    return struct.pack("<HH2sHI", 2, 0x0000, b"UL", 4, len(written)) + written


def _element(number: int, vr: bytes, text: str) -> bytes:
    value = text.encode("ascii", "replace")
    value += (b"\0" if vr == b"UI" else b" ") * (len(value) % 2)
    return struct.pack("<HH2sH", 2, number, vr, len(value)) + value
