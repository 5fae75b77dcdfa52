"""Whose a study is: the site that sent its first image, by the rules of the setting ``sites``."""

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from model.errors import Misconfigured
from serving.routing import Candidate, Route, make_rules
from serving.settings import names

_FORM = "HILUM_SITES must list site=SENDER, or be a table of sites with the rules of docs/users.md"


@cache
def parse_sites(stated: str) -> Mapping[str, Route]:
    """Site to what it sends, in the order in which they are asked.

    Raises:
        Misconfigured: with every error at once.
    """
    wrong: list[str] = []
    found: dict[str, Route] = {}
    for name, rules in _table(stated).items():
        try:
            found[name] = _route(rules)
        except ValueError as error:
            wrong.append(f"HILUM_SITES: the site '{name}' {error}.")
    if wrong:
        raise Misconfigured("\n".join(wrong))
    return found


def site_of(stated: str, one: Candidate) -> str:
    """The first site whose rules all fit; empty where none does."""
    return next((name for name, route in parse_sites(stated).items() if route.objection(one) is None), "")


def _table(stated: str) -> dict[str, Any]:
    if stated.startswith("{"):
        try:
            table: dict[str, Any] = json.loads(stated)
        except json.JSONDecodeError:
            raise Misconfigured(f"{_FORM}: it begins as JSON, but is none.") from None
        return table
    senders: dict[str, list[str]] = {}
    for item in names(stated):
        name, equals, sender = (part.strip() for part in item.partition("="))
        if not (name and equals and sender):
            raise Misconfigured(f"{_FORM}, not '{item}'.")
        senders.setdefault(name, []).append(sender)
    return {name: {"senders": listed} for name, listed in senders.items()}


def _route(rules: object) -> Route:
    known = {one.name for one in fields(Route)}
    if not isinstance(rules, Mapping) or not rules or not set(rules) <= known:
        raise ValueError(f"must have rules of the names {', '.join(sorted(known))}, at least one")
    return make_rules(rules).route
