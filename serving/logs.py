"""Logging without patient data: what is logged is chosen here, not quoted from files."""

import logging
import traceback
import warnings


def configure_logs() -> None:
    """Log to standard error, and silence the libraries that quote what they read."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", module="pydicom")


def place_of(error: BaseException) -> str:
    """The error's type and where it was raised, innermost first. Its message may quote a file, so it is left out."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    return f"{type(error).__name__} at " + " < ".join(f"{frame.filename}:{frame.lineno}" for frame in frames)
