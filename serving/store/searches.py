"""Searches of DICOMweb: studies, series or instances by what their headers say, a page at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, LiteralString

from psycopg.rows import DictRow
from psycopg.sql import SQL, Composable, Composed, Literal, Placeholder

from serving.searchable import LEVELS, tag_text
from serving.store.queries import QUERIES
from serving.store.store import Store


class Level(StrEnum):
    """What is searched for. A search may ask for attributes of what it is searched for and of all that is above."""

    STUDY = "study"
    SERIES = "series"
    INSTANCE = "instance"

    @property
    def with_above(self) -> tuple["Level", ...]:
        return tuple(Level)[: tuple(Level).index(self) + 1]


class How(StrEnum):
    """How an attribute is compared."""

    #: With any of some texts.
    ANY = "any"
    #: With a pattern of LIKE.
    LIKE = "like"
    #: With the first and the last text of a span, both included; "" is an open end.
    BETWEEN = "between"
    #: With one number.
    NUMBER = "number"


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What one attribute must be."""

    #: The keyword of an attribute in ``LEVELS``, or "ModalitiesInStudy".
    keyword: str
    #: Of a sequence: the keyword within its items.
    inside: str | None = None
    how: How
    values: tuple[str, ...]


#: What stands in a column of its own; everything else stands in ``attributes``.
_COLUMNS: Mapping[str, LiteralString] = {
    "StudyInstanceUID": "st.study_instance_uid",
    "StudyDate": "st.study_date",
    "AccessionNumber": "st.accession_number",
    "ReferringPhysicianName": "st.physician_to_match",
    "PatientName": "st.name_to_match",
    "PatientID": "st.patient_id",
    "SeriesInstanceUID": "s.series_instance_uid",
    "Modality": "s.modality",
    "SOPInstanceUID": "i.sop_instance_uid",
    "SOPClassUID": "i.sop_class_uid",
}
_ATTRIBUTES: Mapping[str, LiteralString] = {
    Level.STUDY: "st.attributes",
    Level.SERIES: "s.attributes",
    Level.INSTANCE: "i.attributes",
}
_QUERY: Mapping[Level, LiteralString] = {
    Level.STUDY: QUERIES["search_studies"],
    Level.SERIES: QUERIES["search_series"],
    Level.INSTANCE: QUERIES["search_instances"],
}


def search(store: Store, level: Level, conditions: Sequence[Condition], *, limit: int, offset: int) -> list[DictRow]:
    """What fulfils every condition: studies with the latest date first, series and instances the last received first.

    Nothing that is no DICOM is found.

    Raises:
        Unavailable: when the database cannot be asked.
    """
    values: dict[str, Any] = {"limit": limit, "offset": offset}
    asked = [_sql(condition, f"value{number}", values) for number, condition in enumerate(conditions)]
    if store.sites is not None:
        values["sites"] = store.sites
        asked.append(SQL("st.site = ANY(%(sites)s)"))
    where = SQL(" AND ").join([SQL("true"), *asked])
    query = SQL(_QUERY[level]).format(where=where)
    with store.database.connection() as connection:
        return connection.execute(query, values, prepare=False).fetchall()


def _sql(condition: Condition, name: str, values: dict[str, Any]) -> Composable:
    """The condition as SQL, whose values are put under names that begin with ``name``."""
    if condition.keyword in _COLUMNS:
        return _compared(SQL(_COLUMNS[condition.keyword]), condition, name, values)
    compared = _compared(SQL("v"), condition, name, values)
    if condition.keyword == "ModalitiesInStudy":
        if condition.how is How.ANY:
            return SQL("st.modalities && {}").format(Placeholder(f"{name}_0"))
        return SQL("EXISTS (SELECT FROM unnest(st.modalities) AS v WHERE {})").format(compared)
    return SQL("EXISTS (SELECT FROM {} WHERE {})").format(_elements(condition), compared)


def _elements(condition: Condition) -> Composed:
    """The values of an attribute as rows ``v``."""
    level = next(level for level, keywords in LEVELS.items() if condition.keyword in keywords)
    its_values = SQL("{} #> {}").format(SQL(_ATTRIBUTES[level]), _path(condition.keyword))
    if condition.inside is None:
        return SQL("jsonb_array_elements_text({}) AS v").format(its_values)
    within = SQL("jsonb_array_elements({}) AS item, jsonb_array_elements_text(item #> {}) AS v")
    return within.format(its_values, _path(condition.inside))


def _path(keyword: str) -> Literal:
    return Literal(f"{{{tag_text(keyword)},Value}}")


def _compared(what: Composable, condition: Condition, name: str, values: dict[str, Any]) -> Composable:
    places = [Placeholder(f"{name}_{number}") for number in range(2)]
    if condition.how is How.ANY:
        values[f"{name}_0"] = list(condition.values)
        return SQL("{} = ANY({})").format(what, places[0])
    values |= {f"{name}_{number}": value for number, value in enumerate(condition.values)}
    if condition.how is How.LIKE:
        return SQL("{} LIKE {}").format(what, places[0])
    if condition.how is How.NUMBER:
        return SQL("{}::numeric = {}::numeric").format(what, places[0])
    return SQL(" AND ").join(_ends(what, condition, places))


def _ends(what: Composable, condition: Condition, places: Sequence[Placeholder]) -> Iterator[Composed]:
    first, last = condition.values
    yield SQL("{} >= {}").format(what, places[0]) if first else SQL("{} > ''").format(what)
    if last:
        yield SQL("{} <= {}").format(what, places[1])
