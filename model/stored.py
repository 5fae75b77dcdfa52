"""Stored values as they come out of the decoder, before they mean anything."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

#: uint8 or uint16.
Cells = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Stored:
    """Decoded cells and how a stored value lies in one (PS3.5, 8.1.1).

    ``cells`` is uint8 or uint16 (rows, columns). A stored value is the ``bits`` bits from ``low_bit`` upwards, in
    two's complement if ``signed``; other bits of the cell mean nothing (overlays, say).
    """

    cells: Cells
    bits: int
    low_bit: int = 0
    signed: bool = False
    #: What was done to come here, in words.
    steps: tuple[str, ...] = ()

    def values(self) -> NDArray[np.int64]:
        """Every stored value that there can be, by its code."""
        codes = np.arange(1 << self.bits)
        return codes - ((codes >> (self.bits - 1)) << self.bits) if self.signed else codes

    def counts(self) -> NDArray[np.float64]:
        """How many pixels have each of ``values``."""
        size = self._contents
        counts = np.asarray(cv2.calcHist([self.cells], [0], None, [size], [0, size]), dtype=np.float64)
        return np.asarray(counts.reshape(-1, 1 << self.bits, 1 << self.low_bit).sum(axis=(0, 2)))

    def through(self, table: NDArray[np.float32]) -> NDArray[np.float32]:
        """Every pixel through a table that has one entry for each of ``values``: float32 (rows, columns)."""
        shape = (self._contents >> self.bits >> self.low_bit, 1 << self.bits, 1 << self.low_bit)
        full = np.broadcast_to(table[None, :, None], shape).ravel()
        return np.asarray(cv2.LUT(self.cells, full), dtype=np.float32)

    @property
    def _contents(self) -> int:
        """How many different contents a cell can have."""
        return 1 << (8 * self.cells.itemsize)
