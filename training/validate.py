"""How good checkpoints are, alone or together, before anything is exported: `hilum validate CHECKPOINT... DATA`.

The number to select a network by: the mean AUROC on the sharp images of the split ``val``, each data set's sharpness
being what a network could otherwise go by. Children and disputed labels are left out.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader
from tqdm import tqdm

from training import metrics
from training.augmentation import SHARP
from training.calibrate import meant
from training.dataset import Batch, Radiographs
from training.datasets import index
from training.datasets.example import Example, targets
from training.export import load
from training.metrics import Estimate, Score
from training.network import Network

#: The data set to select on, and its findings.
SOURCE = "NIH ChestX-ray14"
SELECTED = (
    "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Effusion", "Emphysema", "Fibrosis", "Hernia",
    "Infiltration", "Mass", "Nodule", "Pleural_Thickening", "Pneumonia", "Pneumothorax",
)  # fmt: skip


class Validation(NamedTuple):
    """AUROC by finding, and their mean with its interval over patients."""

    findings: dict[str, float]
    mean: Estimate


def sharp(example: Example) -> bool:
    """Whether a network is selected, or in the end judged, on this example."""
    return example.source == SOURCE and meant(example) and example.resolution >= SHARP


def thumbnail(example: Example) -> bool:
    return example.source == SOURCE and meant(example) and example.resolution < SHARP


def validate(examples: Sequence[Example], names: Sequence[str], logits: Score) -> Validation:
    """Of ``logits`` (examples, names); findings that nobody or everybody has are left out."""
    truth = np.stack([targets(example, tuple(names)) for example in examples])
    patients = np.array([example.patient for example in examples], dtype=np.str_)
    columns = [column for column, name in enumerate(names) if name in SELECTED and 0 < np.nanmean(truth[:, column]) < 1]
    found = {names[column]: metrics.auroc(truth[:, column] > 0.5, logits[:, column]) for column in columns}
    return Validation(found, metrics.macro_auroc(truth[:, columns] > 0.5, logits[:, columns], patients))


@torch.inference_mode()
def logits_of(network: Network, data: Radiographs) -> NDArray[np.float32]:
    """float32 (examples, findings)."""
    loader: DataLoader[Batch] = DataLoader(data, batch_size=16)
    network = network.to(memory_format=torch.channels_last)
    return torch.cat([network(batch.pixels).logits for batch in tqdm(loader, "read", mininterval=10)]).numpy()


@click.command()
@click.argument("checkpoint", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--size", type=int, multiple=True, default=(256,), show_default=True, help="Read at so many pixels.")
@click.option("--thumbnails", is_flag=True, help="Also on the small images.")
@click.option(
    "--split",
    type=click.Choice(["val", "test"]),
    default="val",
    show_default=True,
    help="Whose images; select on val, look at test once.",
)
def command(checkpoint: tuple[Path, ...], data: Path, size: tuple[int, ...], split: str, *, thumbnails: bool) -> None:
    """Print the AUROC of CHECKPOINT on the sharp images of one split of DATA; of several, that of their mean logits."""
    networks, (names, *others) = zip(*map(load, checkpoint), strict=True)
    if any(each != names for each in others):
        raise click.UsageError("Checkpoints that are read together must know the same findings, in the same order.")
    examples = [example for example in index.load(data) if example.split == split]
    kinds = {"sharp": sharp, "thumbnails": thumbnail} if thumbnails else {"sharp": sharp}
    for side in size:
        for kind, belongs in kinds.items():
            chosen = list(filter(belongs, examples))
            radiographs = Radiographs(chosen, names, side)
            found = validate(chosen, names, np.mean([logits_of(each, radiographs) for each in networks], axis=0))
            value, low, high = found.mean
            each = "  ".join(f"{name} {auroc:.3f}" for name, auroc in found.findings.items())
            click.echo(f"{side} px, {kind}, {len(chosen)} images: {value:.4f} ({low:.3f} to {high:.3f})\n  {each}")


if __name__ == "__main__":
    command()
