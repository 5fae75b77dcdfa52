"""What is installed with the service: its own dependencies and theirs, as the distributions here say."""

from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def shipped() -> dict[str, Distribution]:
    """By canonical name; without the extras of ours that do not ship."""
    found: dict[str, Distribution] = {}
    open_: list[tuple[str, frozenset[str]]] = [("hilum", frozenset({"oidc"}))]
    seen = set()
    while open_:
        name, extras = open_.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # for another system
            continue
        open_ += [(canonicalize_name(one.name), frozenset(one.extras)) for one in requirements(found[name], extras)]
    return found


def requirements(package: Distribution, extras: Iterable[str] = ()) -> list[Requirement]:
    """What it needs on this machine, with these extras of it."""
    wanted = map(Requirement, package.requires or ())
    return [
        one
        for one in wanted
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in (*extras, ""))
    ]
