"""Logging without patient data: what is logged is chosen here, not quoted from files."""

import logging
import sys
import traceback
import warnings
from collections.abc import MutableMapping
from typing import Any

import structlog

#: Libraries that quote what they read.
_SILENT = ("pydicom", "pynetdicom")
#: Libraries that say much that is of use only when they are in trouble.
_QUIET = ("procrastinate", "httpx", "httpcore", "psycopg.pool", "uvicorn")

#: Places of a traceback that are logged, the innermost ones.
_FRAMES = 8


def configure_logs() -> None:
    """One JSON object a line to standard error: time, level, logger, event."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            _only_the_place,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", module="pydicom")


def _only_the_place(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception's type and place instead of its words, which may quote a file or a row."""
    record = event.pop("exc_info", None)
    error = record[1] if isinstance(record, tuple) else record
    if isinstance(error, BaseException):
        event["error"] = place_of(error)
    return event


def place_of(error: BaseException) -> str:
    """The error's type and where it was raised, innermost first. Its message may quote a file, so it is left out."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-_FRAMES:])
    return f"{type(error).__name__} at " + " < ".join(f"{frame.filename}:{frame.lineno}" for frame in frames)
