"""May this radiograph be read? What the file says is asked before the network runs, what the network says after."""

from collections.abc import Mapping, Sequence

from model.errors import NotReadable, RefusalCode
from model.orientation import Turn, is_frontal
from model.radiograph import Radiograph
from model.reading import Gate
from model.weights import GateLimits

#: The network's outputs that share one softmax, in order: the quarter turns that would set the radiograph upright.
TURNS = ("turn0", "turn1", "turn2", "turn3")
#: The others, each on its own.
FLAGS = ("mirrored", "inverted", "child")
#: One more, of readers that learned what a lateral chest looks like.
LATERAL = "lateral"

#: More likely than not.
LIKELY = 0.5

#: Rows and columns; smaller images are icons and test patterns, in which no radiologist could see a finding either.
SMALLEST_SIDE = 128


def refuse_by_attributes(radiograph: Radiograph, minimum_age: float) -> None:
    """Refuse what the file itself says is not a frontal radiograph of an adult, or too small to be one.

    Raises:
        NotReadable: not-frontal, child or poor-quality.
    """
    if radiograph.view == "lateral" or is_frontal(radiograph.patient_orientation) is False:
        msg = (
            "The radiograph must be frontal; View Position (0018,5101) or Patient Orientation (0020,0020) says it "
            "is lateral. Send the PA or AP image."
        )
        raise NotReadable(RefusalCode.NOT_FRONTAL, msg)
    if radiograph.patient_age is not None and radiograph.patient_age < minimum_age:
        msg = f"The patient must be at least {minimum_age:g} years old, as far as this reader has been evaluated."
        raise NotReadable(RefusalCode.CHILD, msg)
    rows, columns = radiograph.pixels.shape
    if min(rows, columns) < SMALLEST_SIDE:
        msg = (
            f"The radiograph must have at least {SMALLEST_SIDE} Rows (0028,0010) and Columns (0028,0011), not "
            f"{rows} x {columns}. Send the original image."
        )
        raise NotReadable(RefusalCode.POOR_QUALITY, msg)


def mend(gate: Mapping[str, float]) -> Turn | None:
    """What seems to need correction, or None. A second look at the corrected radiograph must then be certain.

    Mirroring is said, not corrected: a heart can lie right.
    """
    best = max(TURNS, key=lambda turn: gate[turn])
    turns = TURNS.index(best) if gate[best] >= LIKELY else 0
    inverted = gate["inverted"] >= LIKELY
    return Turn(quarter_turns=turns, inverted=inverted) if turns or inverted else None


def judge(gate: Mapping[str, float], distance: float, limits: GateLimits, corrections: Sequence[str]) -> Gate:
    """The gate's results as a reading bears them."""
    return Gate(
        upright=gate["turn0"],
        inverted=gate["inverted"],
        mirrored=gate["mirrored"],
        child=gate["child"],
        lateral=gate.get(LATERAL),
        distance=distance,
        distance_limit=limits.distance,
        corrections=tuple(corrections),
    )


def refuse_by_pixels(
    gate: Gate, limits: GateLimits, *, age_known: bool, view_known: bool, mended: bool = False
) -> None:
    """Refuse what the network itself does not take for an upright frontal chest radiograph of an adult.

    Raises:
        NotReadable: not-chest, not-frontal, poor-quality or child.
    """
    if not gate.distance <= limits.distance:  # also when it is not a number
        msg = (
            f"The radiograph must look like a frontal chest; its distance from the training data is "
            f"{gate.distance:.2f}, the limit is {limits.distance:.2f}. Check that the right image was sent."
        )
        raise NotReadable(RefusalCode.NOT_CHEST, msg)
    if gate.lateral is not None and gate.lateral >= limits.lateral and not view_known:
        msg = (
            f"The radiograph must be frontal; it looks lateral ({gate.lateral:.0%}) and the file gives no "
            "view. Send the PA or AP image; if this is one, say so in View Position (0018,5101)."
        )
        raise NotReadable(RefusalCode.NOT_FRONTAL, msg)
    needed = limits.certain if mended else LIKELY
    if min(gate.upright, 1 - gate.inverted) < needed:
        msg = (
            f"The radiograph's orientation and polarity must be clear (upright {gate.upright:.0%}, inverted "
            f"{gate.inverted:.0%}). Send it upright, with Patient Orientation (0020,0020) and Photometric "
            "Interpretation (0028,0004) as they are."
        )
        raise NotReadable(RefusalCode.POOR_QUALITY, msg)
    if gate.child >= limits.child and not age_known:
        msg = (
            f"The patient must be an adult; the radiograph looks like a child's ({gate.child:.0%}) and the file gives "
            "no age. Send Patient's Age (0010,1010) or Patient's Birth Date (0010,0030)."
        )
        raise NotReadable(RefusalCode.CHILD, msg)
