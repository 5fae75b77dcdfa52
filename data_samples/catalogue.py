"""The list of the samples: what each shows, how it is written, and what a reading of it must say."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data_samples import findings
from data_samples.body import Build
from data_samples.cage import Cage
from data_samples.detector import Detector
from data_samples.dicom import Syntax
from data_samples.hand import hand
from data_samples.picture import Framing, Picture, taken
from data_samples.projection import Exposure, View
from data_samples.space import Phantom
from data_samples.thorax import Chest, healthy
from model.errors import RefusalCode

MAN = Build(seed=1)
SLIM = Build(cage=Cage(width=0.93, depth=0.9), flesh=0.82, domes=(-116.0, -128.0), seed=2)
STOUT = Build(cage=Cage(width=1.04, depth=1.08), flesh=1.25, heart=1.06, domes=(-92.0, -104.0), seed=3)
WOMAN = Build(cage=Cage(width=0.9, depth=0.9), flesh=0.85, breasts=True, heart=0.92, domes=(-104.0, -115.0), seed=4)
BIG_HEART = Build(cage=Cage(width=0.98), heart=1.3, domes=(-98.0, -110.0), seed=5)
IN_BED = Build(flesh=1.05, heart=1.08, domes=(-82.0, -94.0), rib_slope=0.9, seed=6)
FROM_THE_SIDE = Build(arms="raised", seed=1)
CHILD = Build(
    cage=Cage(width=0.88, depth=1.02), rib_slope=0.6, heart=1.1, flesh=0.85, domes=(-84.0, -92.0), scale=0.6, seed=7
)

_OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}

Subject = Callable[[], Phantom]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One file."""

    name: str
    shows: str
    subject: Subject
    patient_name: str
    view: View = "PA"
    #: View Position (0018,5101).
    view_position: str = "PA"
    rows: int = 1024
    columns: int = 1024
    #: mm on the detector.
    width: float = 385.0
    z: float = -50.0
    gap: float = 150.0
    source_to_detector: float = 1800.0
    detector: Detector = field(default_factory=Detector)
    framing: Framing = field(default_factory=Framing)
    sex: Literal["M", "F"] = "M"
    age: str = "045Y"
    kind: Literal["DX", "CR"] = "DX"
    syntax: Syntax = "jpeg-ls"
    photometric: Literal["MONOCHROME1", "MONOCHROME2"] = "MONOCHROME2"
    bits: int = 12
    voi: Literal["window", "sigmoid", "lut"] = "window"
    body_part: str | None = "CHEST"
    #: Whether Patient Orientation (0020,0020) says how the picture lies.
    oriented: bool = True
    #: Counter-clockwise quarter turns of the stored pixels, as numpy.rot90.
    quarter_turns: int = 0
    mirrored: bool = False
    #: The stored pixels are inverted although Photometric Interpretation says otherwise.
    wrongly_inverted: bool = False
    refusal: RefusalCode | None = None
    #: Where the outcome can be known from: what the header says, or only what the pixels show.
    told_by: Literal["header", "pixels"] = "header"

    @property
    def pitch(self) -> float:
        return round(self.width / self.columns, 4)

    @property
    def exposure(self) -> Exposure:
        return Exposure(
            view=self.view, source_to_detector=self.source_to_detector, gap=self.gap, pitch=self.pitch, rows=self.rows,
            columns=self.columns, z=self.z,
        )  # fmt: skip

    @property
    def orientation(self) -> tuple[str, str]:
        """Where the stored rows (to the right) and columns (downwards) point in the patient."""
        along, down = ("P" if self.view == "lateral" else "L"), "F"
        if self.mirrored:
            along = _OPPOSITE[along]
        for _ in range(self.quarter_turns):
            along, down = down, _OPPOSITE[along]
        return along, down

    def picture(self) -> Picture:
        """The picture as stored, before inversion."""
        seed = sum(self.name.encode())
        picture = taken(self.subject(), self.exposure, self.detector, self.framing, seed)
        if self.mirrored:
            picture = picture.mirrored()
        return picture.turned(self.quarter_turns)

    def stored(self, picture: Picture) -> NDArray[np.uint16]:
        """Pixel values as written to the file."""
        dark_is_high = (self.photometric == "MONOCHROME1") != self.wrongly_inverted
        pixels = 1 - picture.pixels if dark_is_high else picture.pixels
        return np.asarray(np.round(pixels * (2**self.used_bits - 1)), np.uint16)

    @property
    def used_bits(self) -> int:
        """HTJ2K is written with 16 bits stored, of which 12 are used."""
        return min(self.bits, 12)


@cache
def chest(build: Build) -> Chest:
    return healthy(build)


def _normal(build: Build) -> Subject:
    return lambda: chest(build).phantom()


def _effusion() -> Phantom:
    return findings.effusion(chest(MAN), side=1, level=-98).phantom()


def _pneumothorax() -> Phantom:
    return findings.pneumothorax(chest(SLIM), side=-1, apex=36, base=12).phantom()


def _nodule() -> Phantom:
    return findings.nodule(chest(WOMAN), centre=(-66, -6, 20), radius=12).phantom()


def _consolidation() -> Phantom:
    return findings.consolidation(
        chest(STOUT), centre=(-80, 18, -62), radii=(42, 44, 34), hilum=(-40, 26, -40)
    ).phantom()


def _tuberculosis() -> Phantom:
    return findings.tuberculosis(chest(SLIM), side=-1, seed=3).phantom()


def _cardiomegaly() -> Phantom:
    return findings.cardiomegaly(chest(BIG_HEART)).phantom()


_BEDSIDE = Detector(quanta=90000.0, scatter=0.6, flattening=0.4)
_HAND = Detector(contrast=1.0, scatter=0.1)

SAMPLES: list[Sample] = [
    Sample(
        name="normal_pa",
        shows="A healthy man",
        subject=_normal(MAN),
        patient_name="MẪU^Bình Thường",
        syntax="explicit",
        framing=Framing(top=7),
    ),
    Sample(
        name="normal_woman_pa",
        shows="A healthy woman; a finer matrix",
        subject=_normal(WOMAN),
        sex="F",
        age="038Y",
        patient_name="MẪU^Phụ Nữ",
        rows=1500,
        columns=1236,
        width=350,
        syntax="jpeg-2000",
        bits=10,
        voi="sigmoid",
        framing=Framing(bottom=9, right=4),
    ),
    Sample(
        name="normal_ap",
        shows="A healthy man in bed, tube in front: the heart looks larger",
        subject=_normal(IN_BED),
        view="AP",
        view_position="AP",
        source_to_detector=1100,
        gap=120,
        width=430,
        rows=880,
        columns=1056,
        z=-40,
        patient_name="MẪU^Tại Giường",
        age="071Y",
        kind="CR",
        syntax="jpeg-lossless",
        photometric="MONOCHROME1",
        bits=10,
        detector=_BEDSIDE,
        framing=Framing(letter="R", place=(0.04, 0.1), left=5),
    ),
    Sample(
        name="normal_lateral",
        shows="From the left side",
        subject=_normal(FROM_THE_SIDE),
        view="lateral",
        view_position="LL",
        patient_name="MẪU^Nghiêng",
        gap=190,
        rows=1050,
        columns=900,
        width=370,
        z=-60,
        refusal=RefusalCode.NOT_FRONTAL,
        framing=Framing(place=(0.06, 0.07)),
    ),
    Sample(
        name="effusion_pa",
        shows="Fluid in the left pleural space",
        subject=_effusion,
        patient_name="MẪU^Tràn Dịch",
        age="063Y",
        syntax="htj2k",
        bits=16,
        framing=Framing(top=5, bottom=5),
    ),
    Sample(
        name="cardiomegaly_pa",
        shows="A large heart: more than 0.55 of the chest's width",
        subject=_cardiomegaly,
        patient_name="MẪU^Tim To",
        sex="F",
        age="069Y",
        syntax="jpeg-2000",
        voi="lut",
        framing=Framing(left=6, right=3),
    ),
    Sample(
        name="pneumothorax_pa",
        shows="Air around the right lung",
        subject=_pneumothorax,
        patient_name="MẪU^Tràn Khí",
        age="022Y",
        bits=12,
        width=365,
        framing=Framing(letter="R", place=(0.04, 0.07)),
    ),
    Sample(
        name="nodule_pa",
        shows="A lump of 24 mm in the right lung",
        subject=_nodule,
        patient_name="MẪU^Nốt Mờ",
        sex="F",
        age="057Y",
        kind="CR",
        syntax="rle",
        rows=900,
        columns=860,
        width=345,
        bits=10,
    ),
    Sample(
        name="consolidation_pa",
        shows="Dense lung with black bronchi, right lower zone",
        subject=_consolidation,
        patient_name="MẪU^Đông Đặc",
        age="034Y",
        syntax="deflated",
        bits=10,
        rows=816,
        columns=850,
        width=410,
        framing=Framing(top=4),
    ),
    Sample(
        name="tuberculosis_pa",
        shows="Patches and a cavity in the right upper lobe",
        subject=_tuberculosis,
        patient_name="MẪU^Lao Phổi",
        age="029Y",
        kind="CR",
        syntax="jpeg-lossless",
        width=365,
        bits=10,
    ),
    Sample(
        name="turned_truthful_pa",
        shows="The effusion, stored a quarter turn clockwise; Patient Orientation says so",
        subject=_effusion,
        patient_name="THỬ NGHIỆM^Xoay Có Ghi",
        age="063Y",
        quarter_turns=3,
        rows=768,
        columns=768,
        bits=10,
    ),
    Sample(
        name="turned_silent_pa",
        shows="The effusion, stored a quarter turn counter-clockwise; the file does not say",
        subject=_effusion,
        patient_name="THỬ NGHIỆM^Xoay Không Ghi",
        age="063Y",
        quarter_turns=1,
        oriented=False,
        rows=768,
        columns=768,
        bits=10,
        kind="CR",
        told_by="pixels",
    ),
    Sample(
        name="mirrored_truthful_pa",
        shows="The pneumothorax, stored mirrored; Patient Orientation says so",
        subject=_pneumothorax,
        patient_name="THỬ NGHIỆM^Soi Gương",
        age="022Y",
        mirrored=True,
        rows=768,
        columns=768,
        width=365,
        bits=10,
    ),
    Sample(
        name="monochrome1_pa",
        shows="A healthy man; high values are dark and Photometric Interpretation says so",
        subject=_normal(MAN),
        patient_name="THỬ NGHIỆM^Âm Bản Đúng",
        photometric="MONOCHROME1",
        rows=640,
        columns=640,
        syntax="big-endian",
    ),
    Sample(
        name="wrongly_inverted_pa",
        shows="A healthy man; high values are dark although Photometric Interpretation denies it",
        subject=_normal(MAN),
        patient_name="THỬ NGHIỆM^Âm Bản Sai",
        wrongly_inverted=True,
        rows=640,
        columns=640,
        syntax="implicit",
        bits=10,
        told_by="pixels",
    ),
    Sample(
        name="eight_bit_pa",
        shows="The consolidation with 8 bits, lossy",
        subject=_consolidation,
        bits=8,
        patient_name="THỬ NGHIỆM^Tám Bit",
        age="034Y",
        syntax="jpeg-baseline",
        rows=960,
        columns=1000,
        width=410,
        framing=Framing(top=4),
    ),
    Sample(
        name="child_ap",
        shows="A child of four years",
        subject=_normal(CHILD),
        view="AP",
        view_position="AP",
        age="004Y",
        patient_name="MẪU^Trẻ Em",
        sex="F",
        source_to_detector=1200,
        gap=90,
        width=225,
        rows=860,
        columns=900,
        z=-30,
        bits=10,
        refusal=RefusalCode.CHILD,
    ),
    Sample(
        name="hand_pa",
        shows="A left hand, said to be one",
        subject=hand,
        patient_name="THỬ NGHIỆM^Bàn Tay",
        body_part="HAND",
        source_to_detector=1100,
        gap=30,
        width=192,
        rows=1000,
        columns=640,
        z=42,
        bits=10,
        detector=_HAND,
        refusal=RefusalCode.NOT_CHEST,
        framing=Framing(place=(0.88, 0.07)),
    ),
    Sample(
        name="hand_silent",
        shows="The same hand; the file does not say what it shows",
        subject=hand,
        body_part=None,
        patient_name="THỬ NGHIỆM^Không Ghi",
        view_position="",
        oriented=False,
        kind="CR",
        source_to_detector=1100,
        gap=30,
        width=192,
        rows=1000,
        columns=640,
        z=42,
        bits=10,
        detector=_HAND,
        refusal=RefusalCode.NOT_CHEST,
        told_by="pixels",
        framing=Framing(letter=""),
    ),
]
