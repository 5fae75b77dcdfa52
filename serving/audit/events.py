"""Which audit message of DICOM an entry is (PS3.15, A.5.3), with the codes of PS3.16 (CID 400 and 401)."""

from dataclasses import dataclass
from enum import StrEnum

from serving.store.audit import Action


@dataclass(frozen=True, kw_only=True)
class Code:
    """A coded value: csd-code, codeSystemName, originalText."""

    value: str
    meaning: str
    scheme: str = "DCM"


class Outcome(StrEnum):
    """EventOutcomeIndicator."""

    SUCCESS = "0"
    #: Something is not as it should be; what was asked went on, or is asked again.
    MINOR = "4"
    #: What was asked was not done.
    SERIOUS = "8"


class Roles(StrEnum):
    """Who plays which role beside the one who acts."""

    #: They send to us, or ask us: they are the source, we are the destination.
    TO_US = "to us"
    #: We send to them.
    FROM_US = "from us"
    #: We start or stop.
    OURSELVES = "ourselves"
    #: They act on what is here.
    HERE = "here"


@dataclass(frozen=True, kw_only=True)
class Event:
    """A kind of message."""

    id: Code
    #: EventActionCode: Create, Read, Update, Delete, Execute.
    action: str
    roles: Roles = Roles.HERE
    #: EventTypeCode.
    type: Code | None = None
    failure: Outcome = Outcome.SERIOUS


_TRANSFERRED = Code(value="110104", meaning="DICOM Instances Transferred")
_ACCESSED = Code(value="110103", meaning="DICOM Instances Accessed")
_ALERT = Code(value="110113", meaning="Security Alert")
_AUTHENTICATION = Code(value="110114", meaning="User Authentication")
#: Somebody asked for what their role does not allow; what is not of a peer's, in REFUSED.
RESTRICTED_FUNCTION = Code(value="110132", meaning="Use of Restricted Function")
_ACTIVITY = Code(value="110100", meaning="Application Activity")


def _own(action: Action, meaning: str) -> Code:
    return Code(value=str(action), meaning=meaning, scheme="99HILUM")


EVENTS: dict[Action, Event] = {
    Action.RECEIVED: Event(id=_TRANSFERRED, action="C", roles=Roles.TO_US),
    Action.CONFLICT: Event(
        id=_TRANSFERRED,
        action="C",
        roles=Roles.TO_US,
        type=_own(Action.CONFLICT, "Other content under a known UID is kept aside"),
        failure=Outcome.MINOR,
    ),
    Action.SHARED_UID: Event(
        id=_TRANSFERRED,
        action="C",
        roles=Roles.TO_US,
        type=_own(Action.SHARED_UID, "Two patients under one study UID"),
        failure=Outcome.MINOR,
    ),
    Action.SAW: Event(id=_ACCESSED, action="R"),
    Action.RETRIEVED: Event(id=_TRANSFERRED, action="R", roles=Roles.FROM_US),
    Action.SEARCHED: Event(id=Code(value="110112", meaning="Query"), action="E", roles=Roles.TO_US),
    Action.REVIEW: Event(id=_ACCESSED, action="U", type=_own(Action.REVIEW, "A reading is reviewed")),
    Action.SIGN_OFF: Event(id=_ACCESSED, action="U", type=_own(Action.SIGN_OFF, "A reading is signed off")),
    Action.DELIVERED: Event(id=_TRANSFERRED, action="C", roles=Roles.FROM_US),
    Action.REPLAY: Event(id=_ALERT, action="E", type=RESTRICTED_FUNCTION),
    Action.DESTINATION: Event(id=_ALERT, action="E", type=Code(value="110128", meaning="Network Configuration")),
    Action.CONFIGURED: Event(id=_ALERT, action="E", type=Code(value="110131", meaning="Software Configuration")),
    Action.SIGNED_IN: Event(
        id=_AUTHENTICATION, action="E", type=Code(value="110122", meaning="Login"), failure=Outcome.MINOR
    ),
    Action.SIGNED_OUT: Event(id=_AUTHENTICATION, action="E", type=Code(value="110123", meaning="Logout")),
    Action.REFUSED: Event(id=_ALERT, action="E", type=Code(value="110126", meaning="Node Authentication")),
    Action.ACCOUNTS: Event(
        id=_ALERT, action="E", type=Code(value="110137", meaning="User security Attributes Changed")
    ),
    Action.PRUNE: Event(id=Code(value="110105", meaning="DICOM Study Deleted"), action="D"),
    Action.STARTED: Event(
        id=_ACTIVITY, action="E", roles=Roles.OURSELVES, type=Code(value="110120", meaning="Application Start")
    ),
    Action.STOPPED: Event(
        id=_ACTIVITY, action="E", roles=Roles.OURSELVES, type=Code(value="110121", meaning="Application Stop")
    ),
    Action.AUDIT_EXPORTED: Event(id=Code(value="110101", meaning="Audit Log Used"), action="R"),
    Action.REVIEWS_EXPORTED: Event(
        id=Code(value="110106", meaning="Export"),
        action="R",
        type=_own(Action.REVIEWS_EXPORTED, "Reviews are exported as a training set"),
    ),
    Action.BACKED_UP: Event(id=Code(value="110106", meaning="Export"), action="R"),
    Action.RESTORED: Event(id=Code(value="110107", meaning="Import"), action="C"),
}
