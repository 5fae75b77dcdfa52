"""Moments as people state them."""

from datetime import UTC, datetime


def utc(moment: datetime | None) -> datetime | None:
    """The same, in UTC where it says no time zone."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
