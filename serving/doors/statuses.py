"""How a C-STORE is answered (PS3.4, table B.2-1; PS3.7, annex C), and when: docs/conformance.md is made from it."""

from enum import IntEnum


class Status(IntEnum):
    """Status (0000,0900)."""

    SUCCESS = 0x0000
    DUPLICATE_UID = 0x0111
    SOP_CLASS_NOT_SUPPORTED = 0x0122
    UNRECOGNIZED_OPERATION = 0x0211
    OUT_OF_RESOURCES = 0xA700
    DOES_NOT_MATCH = 0xA900
    CANNOT_UNDERSTAND = 0xC000


#: When each is answered.
WHEN = {
    Status.SUCCESS: (
        "It is stored: fsynced and committed. Also when the same content was stored before, and for a result of "
        "Hilum's that comes back, which is not stored again."
    ),
    Status.DUPLICATE_UID: (
        "Other content is stored under this SOP Instance UID. The first stays; this one is kept aside and not read."
    ),
    Status.SOP_CLASS_NOT_SUPPORTED: (
        "The SOP class is not that of the presentation context, or is not stored here (`HILUM_OTHER_OBJECTS=reject`)."
    ),
    Status.UNRECOGNIZED_OPERATION: "A request other than those of the accepted SOP class.",
    Status.OUT_OF_RESOURCES: (
        "Nothing of it is stored, and the same may succeed later: the disk or the queue is full, the database or the "
        "object store is not there."
    ),
    Status.DOES_NOT_MATCH: (
        "The data set's SOP class or SOP instance is not that of the request, or it lacks a UID that every composite "
        "instance has. Nothing of it is stored."
    ),
    Status.CANNOT_UNDERSTAND: (
        "The data set cannot be walked over up to its pixel data, or is larger than `HILUM_MAX_INSTANCE_BYTES`. "
        "Nothing of it is stored."
    ),
}


class CommitmentStatus(IntEnum):
    """Status of the answer to an N-ACTION (PS3.7, annex C)."""

    SUCCESS = 0x0000
    NO_SUCH_INSTANCE = 0x0112
    INVALID_ARGUMENT = 0x0115
    NO_SUCH_ACTION = 0x0123
    RESOURCE_LIMITATION = 0x0213
