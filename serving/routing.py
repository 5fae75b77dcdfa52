"""What a destination is sent: pure functions of a reading and of what its radiograph's header says.

A rule picks readings, it never changes one: under one SOP Instance UID every destination gets the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from model.findings import FINDINGS

Reviews = Literal["before", "after", "both"]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What was said of one radiograph, and where that came from. An attribute that a file does not have is empty."""

    #: AE title or name of who sent the radiograph.
    sender: str = ""
    modality: str = ""
    body_part: str = ""
    station: str = ""
    institution: str = ""
    #: "read", "refused" or "failed".
    state: str = "read"
    #: As in the reading: ``name``, ``probability``, ``present``, ``experimental``.
    findings: Sequence[Mapping[str, Any]] = ()
    #: The study is STAT or has an urgent finding.
    is_urgent: bool = False
    #: A radiologist's review of the reading is what is new.
    is_review: bool = False


@dataclass(frozen=True, kw_only=True)
class Route:
    """Radiographs of which every list that is not empty has a pattern: ``*`` and ``?``, in any case."""

    senders: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    body_parts: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()

    def objection(self, one: Candidate) -> str | None:
        """Why it does not go this way; None when it does."""
        looked_at = {
            "sender": (self.senders, one.sender),
            "modality": (self.modalities, one.modality),
            "body part": (self.body_parts, one.body_part),
            "station": (self.stations, one.station),
            "institution": (self.institutions, one.institution),
        }
        for what, (patterns, value) in looked_at.items():
            if patterns and not _matches(value, patterns):
                return f"Its {what} must be {_or(patterns)}."
        return None


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Readings that a destination wants."""

    #: Readings with one of these present; empty is any.
    findings: tuple[str, ...] = ()
    #: Of a present finding, 0 to 1.
    minimum_probability: float = 0.0
    #: Readings without a present finding are not wanted.
    positive_only: bool = False
    #: STAT studies, and those with an urgent finding.
    urgent_only: bool = False
    #: Refusals and failures too: nobody must take silence for a normal.
    refusals: bool = True
    #: What is sent as soon as it is read ("before"), what a radiologist reviewed ("after"), or both.
    reviews: Reviews = "both"

    def objection(self, one: Candidate) -> str | None:
        """Why it is not wanted; None when it is."""
        if one.is_review and self.reviews == "before":
            return "Reviews are not wanted."
        if not one.is_review and self.reviews == "after":
            return "Only what was reviewed is wanted."
        if self.urgent_only and not one.is_urgent:
            return "Its study must be urgent."
        if one.state != "read":
            return None if self.refusals else "Refusals are not wanted."
        if self._asks_for_findings() and not self._has_finding(one):
            return f"{_or(self.findings) if self.findings else 'A finding'} must be present{self._least()}."
        return None

    def _asks_for_findings(self) -> bool:
        return bool(self.findings or self.minimum_probability or self.positive_only)

    def _has_finding(self, one: Candidate) -> bool:
        return any(
            found["present"]
            and not found["experimental"]
            and found["probability"] >= self.minimum_probability
            and (not self.findings or found["name"] in self.findings)
            for found in one.findings
        )

    def _least(self) -> str:
        return f" with a probability of at least {self.minimum_probability:g}" if self.minimum_probability else ""


@dataclass(frozen=True, kw_only=True)
class Rules:
    route: Route = field(default_factory=Route)
    profile: Profile = field(default_factory=Profile)

    def objection(self, one: Candidate) -> str | None:
        """Why this reading is not sent, in words without patient data; None when it is."""
        return self.route.objection(one) or self.profile.objection(one)


def make_rules(stated: Mapping[str, Any]) -> Rules:
    """Rules by the names of the fields of ``Route`` and ``Profile``.

    Raises:
        ValueError: in words that begin with "must".
    """
    known = {one.name: one for one in (*fields(Route), *fields(Profile))}
    if unknown := sorted(set(stated) - set(known)):
        raise ValueError(f"must have rules of the names {', '.join(known)}, not '{unknown[0]}'")
    fitting = {name: _fit(name, value) for name, value in stated.items()}
    of_route = {one.name for one in fields(Route)}
    return Rules(
        route=Route(**{name: value for name, value in fitting.items() if name in of_route}),
        profile=Profile(**{name: value for name, value in fitting.items() if name not in of_route}),
    )


def _fit(name: str, value: object) -> Any:
    default = getattr(Route(), name, None) if hasattr(Route(), name) else getattr(Profile(), name)
    if isinstance(default, tuple):
        if isinstance(value, str) or not isinstance(value, Iterable) or not all(isinstance(one, str) for one in value):
            raise ValueError(f"must have a list of texts as {name}")
        listed = tuple(value)
        if name == "findings" and not set(listed) <= set(FINDINGS):
            raise ValueError(f"must have some of {', '.join(FINDINGS)} as {name}")
        return listed
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise ValueError(f"must have true or false as {name}")
        return value
    if isinstance(default, float):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise ValueError(f"must have a number from 0 to 1 as {name}")
        return float(value)
    if value not in get_args(Reviews):
        raise ValueError(f"must have one of {', '.join(get_args(Reviews))} as {name}")
    return value


def _matches(value: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(value.casefold(), pattern.casefold()) for pattern in patterns)


def _or(listed: Sequence[str]) -> str:
    return " or ".join(listed)
