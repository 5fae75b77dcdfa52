"""What a search asks (PS3.18, 8.3.4, 10.6.1): conditions, what else to return, and which page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydicom.datadict import keyword_for_tag, tag_for_keyword

from serving.dicomweb.matching import condition
from serving.problems import Problem
from serving.searchable import INSIDE, LEVELS
from serving.store.searches import Condition, Level

#: Results of one answer; what is beyond is asked for with ``offset``.
MOST_RESULTS = 1000
_LONGEST_OFFSET = 15  # digits
_TAG = re.compile(r"[0-9A-Fa-f]{8}")
#: Parameters that are no attributes. Those that PS3.18 has and that are not done here may only be "false".
_KNOWN = {"accept", "charset", "includefield", "limit", "offset", "fuzzymatching"}
_NOT_DONE = {"emptyvaluematching", "multiplevaluematching"}
FUZZY = "The fuzzymatching parameter is not supported. Only literal matching has been performed."


@dataclass(frozen=True, kw_only=True)
class Search:
    level: Level
    conditions: Sequence[Condition]
    #: Keywords of what is to be returned besides what is required.
    included: frozenset[str]
    #: Everything that is known is to be returned.
    include_all: bool
    limit: int
    offset: int
    #: What was not done as it was asked for.
    warnings: tuple[str, ...] = ()


def parse(level: Level, parameters: Iterable[tuple[str, str]]) -> Search:
    """A search of ``parameters``, names to values.

    Raises:
        Problem: malformed, with what a parameter must be.
    """
    asked: dict[str, str] = {}
    fields: list[str] = []
    for name, text in parameters:
        if name == "includefield":
            fields += [field.strip() for field in text.split(",") if field.strip()]
        elif asked.setdefault(name, text) != text:
            raise Problem("malformed", "A parameter must not be given twice with different values. List them in one.")
    attributes = {_attribute(level, name): text for name, text in asked.items() if name not in _KNOWN | _NOT_DONE}
    found = [condition(keyword, inside, text) for (keyword, inside), text in attributes.items()]
    known = [_named(field) for field in fields if field != "all"]
    return Search(
        level=level,
        conditions=[one for one in found if one is not None],
        included=frozenset(keyword for keyword, _ in attributes) | frozenset(path[0] for path in known),
        include_all="all" in fields,
        limit=min(_count(asked, "limit", MOST_RESULTS), MOST_RESULTS),
        offset=_count(asked, "offset", 0),
        warnings=_warnings(asked),
    )


def _attribute(level: Level, name: str) -> tuple[str, str | None]:
    """Keyword, and keyword within a sequence, of an attribute that can be searched for at this level."""
    keyword, *within = _named(name)
    inside = within[0] if within else None
    within_known = INSIDE.get(keyword, ()) if len(within) == 1 else ()
    if keyword in searched(level) and (inside in within_known if keyword in INSIDE else not within):
        return keyword, inside
    can = ", ".join(one if one not in INSIDE else f"{one}.{INSIDE[one][0]}" for one in searched(level))
    raise Problem("malformed", f"{'.'.join((keyword, *within))} is not searched for here. What is: {can}.")


def searched(level: Level) -> tuple[str, ...]:
    """The keywords that a search of this level may name."""
    return ("ModalitiesInStudy", *(keyword for one in level.with_above for keyword in LEVELS[one]))


def _named(name: str) -> list[str]:
    """The keywords of an attribute, given by keywords or tags, those of a sequence's items after a dot."""
    keywords = [keyword_for_tag(int(part, 16)) if _TAG.fullmatch(part) else part for part in name.split(".")]
    if not all(keyword and tag_for_keyword(keyword) for keyword in keywords):
        words = "A parameter must be a keyword or tag of PS3.6, or one of"
        raise Problem("malformed", f"{words} {', '.join(sorted(_KNOWN - {'accept', 'charset'}))}.")
    return keywords


def _count(asked: dict[str, str], name: str, default: int) -> int:
    text = asked.get(name, str(default))
    if not re.fullmatch(rf"[0-9]{{1,{_LONGEST_OFFSET}}}", text):
        raise Problem("malformed", f"{name} must be a whole number from 0.")
    return int(text)


def _warnings(asked: dict[str, str]) -> tuple[str, ...]:
    for name in ("fuzzymatching", *sorted(_NOT_DONE)):
        if asked.get(name, "false") not in {"true", "false"}:
            raise Problem("malformed", f"{name} must be true or false.")
        if name in _NOT_DONE and asked.get(name) == "true":
            raise Problem("malformed", f"{name}=true is not done here. Ask without it.")
    return (FUZZY,) if asked.get("fuzzymatching") == "true" else ()
