"""Radiographs with outlines, from three kinds of sources.

A value of ``truth`` is 1 inside, 0 outside, UNKNOWN where nobody says: uint8 (STRUCTURES, rows, columns).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from model.reading import STRUCTURES
from training.datasets import index
from training.datasets.example import Example

UNKNOWN = 255
#: Longest side that is kept in memory.
KEPT = 512

Mask = NDArray[np.bool_]
Truth = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, eq=False)
class Outlined:
    """A radiograph, uint8 (rows, columns), and what is known of its outlines."""

    name: str
    source: str
    split: str
    patient: str
    pixels: NDArray[np.uint8]
    truth: Truth

    @classmethod
    def of(cls, example: Example, truth: Truth) -> "Outlined":
        return small(
            cls(
                name=example.image,
                source=example.source,
                split=example.split,
                patient=example.patient,
                pixels=example.pixels(),
                truth=truth,
            )
        )


def small(outlined: Outlined) -> Outlined:
    """The same, no side longer than KEPT."""
    rows, columns = outlined.pixels.shape
    scale = min(1.0, KEPT / max(rows, columns))
    size = (round(columns * scale), round(rows * scale))
    pixels = np.asarray(cv2.resize(outlined.pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    truth = [cv2.resize(each, size, interpolation=cv2.INTER_NEAREST) for each in outlined.truth]
    return Outlined(
        name=outlined.name,
        source=outlined.source,
        split=outlined.split,
        patient=outlined.patient,
        pixels=pixels,
        truth=np.array(truth, np.uint8),
    )


def synthetic(folder: Path) -> Iterator[Outlined]:
    """What ``python -m data_samples.anatomy`` wrote."""
    for path in sorted(folder.glob("*.png")):
        if "__" in path.name:
            continue
        masks = [_picture(path.with_name(f"{path.stem}__{each}.png").read_bytes()) for each in STRUCTURES]
        yield Outlined(
            name=path.name,
            source="synthetic",
            split="train",
            patient=path.stem[:-1],
            pixels=_picture(path.read_bytes()),
            truth=(np.array(masks) > 127).astype(np.uint8),
        )


def _picture(data: bytes) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        msg = "A mask must be an image that OpenCV reads."
        raise ValueError(msg)
    return np.asarray(picture, np.uint8)


def drawn(folder: Path, *, open_only: bool) -> Iterator[Outlined]:
    """The rows of ``folder / index.csv`` whose masks are in ``folder / masks.zip``, as ``<image>__<structure>.png``."""
    archive = ZipFile(folder / "masks.zip")
    found: dict[str, dict[str, str]] = {}
    for name in archive.namelist():
        image, _, structure = name.removesuffix(".png").partition("__")
        found.setdefault(image, {})[structure] = name
    for example in index.load(folder, open_only=open_only):
        names = found.get(example.image.rsplit(".", 1)[0], {})
        masks = {structure: _picture(archive.read(name)) > 127 for structure, name in names.items()}
        if (truth := known(masks)) is not None:
            yield Outlined.of(example, truth)


def known(masks: dict[str, Mask]) -> Truth | None:
    """What ``masks`` by their name in the archive say; None if nothing of use."""
    if set(STRUCTURES) <= set(masks):
        return np.array([masks[each] for each in STRUCTURES], np.uint8)
    if "lung_v7" in masks:
        return behind_the_heart_too(masks["lung_v7"])
    if "lung" in masks and (both := sides(masks["lung"])):
        return np.array([*both, np.full_like(masks["lung"], UNKNOWN, np.uint8)], np.uint8)
    return None


def sides(lungs: Mask) -> tuple[Mask, Mask] | None:
    """The patient's right and left lung: the two largest pieces; None if they do not lie side by side."""
    count, labels, stats, centres = cv2.connectedComponentsWithStats(lungs.astype(np.uint8))
    areas = stats[1:, cv2.CC_STAT_AREA]
    if count < 3 or np.sort(areas)[-2] < 0.02 * lungs.size:
        return None
    first, second = sorted((np.argsort(areas)[-2:] + 1).tolist(), key=lambda label: float(centres[label][0]))
    return labels == first, labels == second


#: Of a lung's width in a row, from its outer border: what is lung even where the heart lies in front of the rest.
OUTER = 0.4
#: Parts of the height of both lungs, from the top, over which the right and the left one lie beside no heart and no
#: aortic arch: there all of the border is known.
BESIDE_NOTHING = (0.35, 0.15)
#: Where a heart can be: in parts of the lungs' height below their tops, and of each lung's greatest width from outside.
HIGHEST, LOWEST, ASIDE = 0.38, 1.08, 0.2


def behind_the_heart_too(lungs: Mask) -> Truth | None:
    """Lungs that were drawn through the heart: their outer border is known, their inner one is not."""
    pair = sides(lungs)
    if pair is None:
        return None
    truth = np.zeros((len(STRUCTURES), *lungs.shape), np.uint8)
    rows = np.flatnonzero(lungs.any(axis=1))
    height = (np.arange(len(lungs))[:, None] - rows[0]) / len(rows)
    for lung, mask, outward, free in zip(truth[:2], pair, (1, -1), BESIDE_NOTHING, strict=True):
        across = np.cumsum(mask[:, ::outward], axis=1)[:, ::outward]
        outer = (across <= OUTER * mask.sum(axis=1, keepdims=True)) | (height < free)
        lung[mask & outer] = 1
        lung[mask & ~outer] = UNKNOWN
    truth[2][heart_window(*pair)] = UNKNOWN
    return truth


def heart_window(right: Mask, left: Mask) -> Mask:
    """Where the heart of a chest with these lungs can be."""
    rows = np.flatnonzero((right | left).any(axis=1))
    first, last = np.flatnonzero(right.any(axis=0)), np.flatnonzero(left.any(axis=0))
    height = rows[-1] - rows[0]
    top, bottom = (max(0, round(rows[0] + part * height)) for part in (HIGHEST, LOWEST))
    start, end = round(first[0] + ASIDE * len(first)), round(last[-1] - ASIDE * len(last))
    window = np.zeros_like(right)
    window[top : bottom + 1, start : end + 1] = True
    return window


def counted(examples: Iterable[Outlined]) -> dict[str, int]:
    """How many of each source."""
    counts: dict[str, int] = {}
    for each in examples:
        counts[each.source] = counts.get(each.source, 0) + 1
    return counts
