"""How a search compares an attribute with a value (PS3.4, C.2.2.2; PS3.18, 8.3.4.1.1).

UI              one of a list, separated by commas or backslashes
CS              the same, with wildcards where it is one
DA, TM          one, or a span: "a-b", "a-", "-b"; a time without its seconds is all of that minute
PN              with wildcards, any group of the name, without case and diacritics, as C.2.2.2.1 allows
IS, DS, US      one number
AS              one
everything else one, with wildcards: "*" is any text, "?" any character; case matters
"""

import re
from collections.abc import Callable

from serving.characters import fold, name_groups
from serving.problems import Problem
from serving.searchable import vr_of
from serving.store.searches import Condition, How

_UID = re.compile(r"[0-9.]{1,64}")
_DATE = re.compile(r"[0-9]{8}")
_TIME = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9]([0-5][0-9](\.[0-9]{1,6})?)?)?")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
#: What completes a time to the last moment that it stands for, by its length.
_LAST_MOMENT = {2: "5959.999999", 4: "59.999999", 6: ".999999"}


def condition(keyword: str, inside: str | None, text: str) -> Condition | None:
    """What the attribute must be; None where every value will do, as ``*`` and no value say (PS3.4, C.2.2.2.3).

    Raises:
        Problem: malformed, when it is no value of this attribute.
    """
    text = text.replace("\0", "").strip()
    if not text.strip("*"):
        return None
    vr = vr_of(inside or keyword)
    how, values = _MATCHES.get(vr, _text)(text)
    if not values:
        words = f"{keyword} must be {_WORDS.get(vr, 'a value of its kind')}. Ask for one that is."
        raise Problem("malformed", words)
    return Condition(keyword=keyword, inside=inside, how=how, values=values)


_Match = tuple[How, tuple[str, ...]]


def _uids(text: str) -> _Match:
    uids = tuple(re.split(r"[,\\]", text))
    return How.ANY, uids if all(_UID.fullmatch(uid) for uid in uids) else ()


def _codes(text: str) -> _Match:
    codes = tuple(code.strip() for code in re.split(r"[,\\]", text))
    return (How.ANY, codes) if len(codes) > 1 else _text(text)


def _text(text: str) -> _Match:
    if "*" in text or "?" in text:
        return How.LIKE, (_pattern(text),)
    return How.ANY, (text,)


def _pattern(text: str) -> str:
    """For LIKE."""
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    return escaped.replace("*", "%").replace("?", "_")


def _name(text: str) -> _Match:
    """Among the groups of a name, each of which stands between two "="."""
    groups = [fold(group).rstrip("^ ") for group in name_groups(text).values()]
    return How.LIKE, (f"%={_pattern('='.join(groups))}=%",) if groups else ()


def _date(text: str) -> _Match:
    ends = _ends(text, _DATE)
    return How.BETWEEN, ends


def _time(text: str) -> _Match:
    ends = _ends(text.replace(":", ""), _TIME)
    if not ends:
        return How.BETWEEN, ()
    first, last = ends
    return How.BETWEEN, (first, last + _LAST_MOMENT.get(len(last), ""))


def _ends(text: str, form: "re.Pattern[str]") -> tuple[str, ...]:
    """The ends of a span, of which one may be open; () when it is none."""
    first, dash, last = text.partition("-")
    ends = (first.strip(), last.strip() if dash else first.strip())
    return ends if any(ends) and all(not end or form.fullmatch(end) for end in ends) else ()


def _number(text: str) -> _Match:
    return How.NUMBER, (text,) if len(text) <= 16 and _NUMBER.fullmatch(text) else ()


def _plain(text: str) -> _Match:
    return How.ANY, (text,)


_MATCHES: dict[str, Callable[[str], _Match]] = {
    "UI": _uids,
    "CS": _codes,
    "DA": _date,
    "TM": _time,
    "PN": _name,
    "IS": _number,
    "DS": _number,
    "US": _number,
    "AS": _plain,
}
_WORDS = {
    "UI": "a UID, or several, separated by commas",
    "DA": "YYYYMMDD, or a span of such dates: a-b, a-, -b",
    "TM": "HH, HHMM or HHMMSS, or a span of such times: a-b, a-, -b",
    "IS": "a number",
    "DS": "a number",
    "US": "a number",
    "PN": "a name",
}
