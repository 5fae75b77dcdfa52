"""Samples to files: the DICOM, what a reading of each must say, and the contact sheet."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from data_samples.catalogue import SAMPLES, Sample
from data_samples.dicom import SYNTAXES, Header, encoded
from data_samples.picture import Picture, box, outline
from data_samples.space import vec

EXPECTED = "expected.json"
CONTACT_SHEET = "contact_sheet.jpg"


def write_all(samples: Sequence[Sample], folder: Path) -> None:
    """Write the files of ``samples`` and what is expected of them; the contact sheet only when all are made."""
    expected, tiles = {}, []
    for number, sample in enumerate(samples, 1):
        print(f"{number} of {len(samples)}: {sample.name}", flush=True)
        picture = sample.picture()
        header = header_of(sample)
        encoded(sample.stored(picture), header).save_as(folder / f"{sample.name}.dcm", enforce_file_format=True)
        expected[sample.name] = expectation(sample, picture)
        tiles.append(_tile(sample, picture))
    _write_expected(expected, folder / EXPECTED)
    if len(samples) == len(SAMPLES):
        cv2.imwrite(str(folder / CONTACT_SHEET), _sheet(tiles), [cv2.IMWRITE_JPEG_QUALITY, 82])


def header_of(sample: Sample) -> Header:
    return Header(
        key=sample.name,
        patient_name=sample.patient_name,
        patient_id=f"MAU-{sample.name.upper().replace('_', '-')}",
        sex=sample.sex,
        age=sample.age,
        kind=sample.kind,
        syntax=sample.syntax,
        photometric=sample.photometric,
        bits=sample.bits,
        used_bits=sample.used_bits,
        body_part=sample.body_part,
        view_position=sample.view_position,
        orientation=sample.orientation if sample.oriented else (),
        pitch=sample.pitch,
        magnification=float(sample.exposure.magnification(vec(0))[0]),
        source_to_detector=sample.source_to_detector,
        voi=sample.voi,
        description=sample.shows,
    )


def expectation(sample: Sample, picture: Picture) -> dict[str, Any]:
    """What must come out for one file. Probabilities are not promised: no network learned from these pictures."""
    return {
        "file": f"{sample.name}.dcm",
        "shows": sample.shows,
        "outcome": "refused" if sample.refusal else "read",
        "refusal": sample.refusal.value if sample.refusal else None,
        "told_by": sample.told_by,
        "rows": picture.pixels.shape[0],
        "columns": picture.pixels.shape[1],
        "view": sample.view if sample.body_part == "CHEST" else None,
        "transfer_syntax": str(SYNTAXES[sample.syntax]),
        "photometric_interpretation": sample.photometric,
        "stored": {
            "quarter_turns": sample.quarter_turns,
            "mirrored": sample.mirrored,
            "wrongly_inverted": sample.wrongly_inverted,
        },
        "findings": [
            {"name": name, "box": box(mask), "outline": outline(mask)} for name, mask in picture.masks.items()
        ],
    }


def _write_expected(expected: dict[str, dict[str, Any]], path: Path) -> None:
    """One line for each file in the catalogue's order, so that a change shows in a diff where it is."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    known = {one["file"].removesuffix(".dcm"): one for one in kept} | expected
    lines = ",\n".join(json.dumps(known[each.name], ensure_ascii=False) for each in SAMPLES if each.name in known)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


_TILE = 300


def _tile(sample: Sample, picture: Picture) -> NDArray[np.uint8]:
    """The stored picture as a naive viewer shows it, the findings' boxes drawn in, its name below."""
    shown = 1 - picture.pixels if sample.wrongly_inverted else picture.pixels
    rows, columns = shown.shape
    scale = _TILE / max(rows, columns)
    small = cv2.resize(shown, (round(columns * scale), round(rows * scale)), interpolation=cv2.INTER_AREA)
    tile = np.zeros((_TILE + 26, _TILE, 3), np.uint8)
    top, left = (_TILE - small.shape[0]) // 2, (_TILE - small.shape[1]) // 2
    tile[top : top + small.shape[0], left : left + small.shape[1]] = np.round(small * 255)[..., None]
    for mask in picture.masks.values():
        place = {side: round(value * scale) for side, value in box(mask).items()}
        corner = (left + place["x"], top + place["y"])
        cv2.rectangle(tile, (*corner, place["width"], place["height"]), (60, 190, 255), 1)
    cv2.putText(tile, sample.name, (6, _TILE + 18), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (225, 225, 225), 1, cv2.LINE_AA)
    return tile


def _sheet(tiles: Sequence[NDArray[np.uint8]], across: int = 5) -> NDArray[np.uint8]:
    blank = np.zeros_like(tiles[0])
    full = [*tiles, *[blank] * (-len(tiles) % across)]
    rows = [np.hstack(full[first : first + across]) for first in range(0, len(full), across)]
    return np.vstack(rows).astype(np.uint8)
