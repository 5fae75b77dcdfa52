"""An entry of the audit trail as an audit message of DICOM, in XML (PS3.15, A.5).

Studies are named by their Study Instance UID. The patient, whom A.5.3 wants among the objects of some messages, is left
out: the audit trail names no patient.
"""

import base64
import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from serving.audit.events import EVENTS, RESTRICTED_FUNCTION, Code, Event, Outcome, Roles
from serving.store.audit import Action

Row = Mapping[str, Any]
#: What XML 1.0 has no place for.
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_APPLICATION = Code(value="110150", meaning="Application")
_SOURCE = Code(value="110153", meaning="Source Role ID")
_DESTINATION = Code(value="110152", meaning="Destination Role ID")
_STUDY_UID = Code(value="110180", meaning="Study Instance UID")
_CLASS_UID = Code(value="110181", meaning="SOP Class UID")
#: RFC 3881's own, as A.5.1.2.4 lists them.
_URI, _USER = (
    Code(value="12", meaning="URI", scheme="RFC-3881"),
    Code(value="11", meaning="User Identifier", scheme="RFC-3881"),
)
#: Study Root Query/Retrieve - FIND, and the worklist of our own.
_QUERY_CLASS = "1.2.840.10008.5.1.4.1.2.2.1"
_SYSTEM_OBJECT = "2"
_REPORT, _JOB, _QUERY, _SECURITY_USER, _SECURITY_RESOURCE = "3", "20", "24", "11", "13"


def message(row: Row, source: str) -> bytes:
    """The message of a row of the chain, in UTF-8; ``source`` is who reports it (AuditSourceID): our AE title."""
    event = EVENTS[Action(row["action"])]
    root = Element("AuditMessage")
    _event(root, row, event)
    for participant in _participants(row, event, source):
        root.append(participant)
    audit_source = SubElement(root, "AuditSourceIdentification", AuditSourceID=source)
    SubElement(audit_source, "AuditSourceTypeCode", {"csd-code": "4"})
    _objects(root, row)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=False))


def outcome(row: Row, event: Event) -> Outcome:
    return Outcome.SUCCESS if row["success"] else event.failure


def _event(root: Element, row: Row, event: Event) -> None:
    attributes = {
        "EventActionCode": event.action,
        "EventDateTime": row["at"].isoformat(timespec="milliseconds"),
        "EventOutcomeIndicator": str(outcome(row, event)),
    }
    element = SubElement(root, "EventIdentification", attributes)
    _coded(element, "EventID", event.id)
    if row["action"] == Action.REFUSED and row["actor_kind"] != "ae":
        _coded(element, "EventTypeCode", RESTRICTED_FUNCTION)
    elif event.type:
        _coded(element, "EventTypeCode", event.type)


def _participants(row: Row, event: Event, source: str) -> list[Element]:
    """Who acted, then the other side of a transfer or of a query."""
    if event.roles is Roles.OURSELVES:
        return [_participant(source, roles=[_APPLICATION], name=row["actor"])]
    actor = _participant(
        row["actor"] or row["actor_kind"],
        requestor=True,
        address=row["address"],
        roles=_roles_of_actor(row, event),
        name=row["actor_kind"],
    )
    if event.roles is Roles.HERE:
        return [actor]
    if row["action"] == Action.DELIVERED:
        return [actor, _participant(row["object"], roles=[_DESTINATION])]
    return [actor, _participant(source, roles=[_DESTINATION if event.roles is Roles.TO_US else _SOURCE])]


def _roles_of_actor(row: Row, event: Event) -> list[Code]:
    if event.roles is Roles.HERE:
        return []
    sends = event.roles is Roles.TO_US or row["action"] == Action.DELIVERED
    return [_SOURCE if sends else _DESTINATION]


def _participant(
    user: str, *, roles: list[Code], name: str = "", requestor: bool = False, address: str = ""
) -> Element:
    attributes = {"UserID": _text(user), "UserIsRequestor": "true" if requestor else "false"}
    if name:
        attributes["UserName"] = _text(name)
    if address:
        attributes |= {"NetworkAccessPointID": _text(address), "NetworkAccessPointTypeCode": "2"}  # an IP address
    element = Element("ActiveParticipant", attributes)
    for role in roles:
        _coded(element, "RoleIDCode", role)
    return element


#: What is given out or brought back as a whole.
_WRITTEN_OUT = {
    Action.AUDIT_EXPORTED: "audit trail",
    Action.BACKED_UP: "backup",
    Action.RESTORED: "backup",
    Action.REVIEWS_EXPORTED: "training set",
}


def _objects(root: Element, row: Row) -> None:
    action = row["action"]
    if action == Action.SEARCHED:
        _query(root, row)
    elif row["study_instance_uid"]:
        _study(root, row)
    elif action in _WRITTEN_OUT:
        _object(root, _WRITTEN_OUT[action], _URI, _SECURITY_RESOURCE, row)
    elif action == Action.ACCOUNTS:
        _object(root, row["object"], _USER, _SECURITY_USER, row)
    elif row["object"]:
        _object(root, row["object"], _URI, _JOB if action == Action.REPLAY else _SECURITY_RESOURCE, row)


def _study(root: Element, row: Row) -> None:
    element = _object(root, row["study_instance_uid"], _STUDY_UID, _REPORT, row)
    if row["sop_instance_uid"]:
        # The SOP class is not in the trail; A.5.1 lets its UID be left out.
        description = SubElement(element, "ParticipantObjectDescription")
        sop_class = SubElement(description, "SOPClass", NumberOfInstances="1")
        SubElement(sop_class, "Instance", UID=_text(row["sop_instance_uid"]))


def _query(root: Element, row: Row) -> None:
    """The names of what was asked by; the values are patients'."""
    attributes = {
        "ParticipantObjectID": _QUERY_CLASS,
        "ParticipantObjectTypeCode": _SYSTEM_OBJECT,
        "ParticipantObjectTypeCodeRole": _QUERY,
    }
    element = SubElement(root, "ParticipantObjectIdentification", attributes)
    _coded(element, "ParticipantObjectIDTypeCode", _CLASS_UID)
    asked = "&".join(row["details"].get("conditions", []))
    SubElement(element, "ParticipantObjectQuery").text = base64.b64encode(asked.encode()).decode()


def _object(root: Element, identifier: str, kind: Code, role: str, row: Row) -> Element:
    attributes = {
        "ParticipantObjectID": _text(identifier),
        "ParticipantObjectTypeCode": _SYSTEM_OBJECT,
        "ParticipantObjectTypeCodeRole": role,
    }
    element = SubElement(root, "ParticipantObjectIdentification", attributes)
    _coded(element, "ParticipantObjectIDTypeCode", kind)
    SubElement(element, "ParticipantObjectName").text = _text(row["object"] or identifier)
    for name, value in sorted(row["details"].items()):
        encoded = base64.b64encode(str(value).encode()).decode()
        SubElement(element, "ParticipantObjectDetail", type=_text(name), value=encoded)
    return element


def _coded(parent: Element, name: str, code: Code) -> None:
    attributes = {"csd-code": code.value, "codeSystemName": code.scheme, "originalText": code.meaning}
    SubElement(parent, name, attributes)


def _text(text: str) -> str:
    return _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)
