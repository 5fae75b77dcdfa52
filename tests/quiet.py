"""pynetdicom without its log: one that keeps its errors keeps the sockets in their tracebacks, too."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_what_pynetdicom_says() -> Iterator[None]:
    """Its log is silent; what it left behind is collected at the end."""
    logger = logging.getLogger("pynetdicom")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    yield
    logger.setLevel(before)
    gc.collect()
