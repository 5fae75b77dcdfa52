"""Train the network: `hilum train DATA OUT`. Stop it at any time; the same command goes on from the last checkpoint."""

import copy
import dataclasses
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, RandomSampler, Sampler, WeightedRandomSampler
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from training import losses, priors, sampling
from training.dataset import Batch, Radiographs
from training.datasets import index
from training.datasets.example import Example
from training.network import ARCHITECTURES, Network, Outputs, from_imagenet
from training.unfold import unfold

#: What the network looks for when nobody says otherwise: what the open data can teach.
FINDINGS = (
    "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Effusion", "Emphysema", "Fibrosis", "Hernia",
    "Infiltration", "Mass", "Nodule", "Pleural_Thickening", "Pneumonia", "Pneumothorax", "Tuberculosis", "Abnormal",
)  # fmt: skip

#: What the rows for research teach besides.
RESEARCH = ("Lung Opacity", "COVID-19")

#: Images on which the normalisations of a reader's network are measured.
MEASURED = 512


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that decides a training besides the data."""

    size: int = 160
    epochs: int = 12
    #: Images drawn an epoch; an epoch is a checkpoint, not a pass over the data.
    images: int = 4096
    batch: int = 32
    learning_rate: float = 1e-3
    warmup: int = 200
    weight_decay: float = 1e-2
    ema: float = 0.998
    seed: int = 0
    workers: int = 1
    network: str = "lite2"
    #: So many blocks from the input on keep their weights; later ones learn.
    freeze: int = 0
    #: The plain recipe that ours is compared with: every labelled image once an epoch as it is, findings only.
    plain: bool = False


@dataclass(kw_only=True)
class State:
    """What a checkpoint holds."""

    network: Network
    #: Running mean of the weights: smoother, and what is evaluated and shipped.
    average: Network
    optimizer: AdamW
    schedule: LambdaLR
    epoch: int = 0


def initial_network(
    plan: Plan, findings: tuple[str, ...], examples: list[Example], initial: Path | None, reader: Path | None
) -> Network:
    """From ImageNet, from the averaged weights of another run's checkpoint, or from the manifest of a ``reader``."""
    torch.manual_seed(plan.seed)
    if reader:
        drawn = np.random.default_rng(plan.seed).choice(len(examples), min(MEASURED, len(examples)), replace=False)
        return unfold(reader, findings, Radiographs([examples[i] for i in drawn], findings, plan.size, seed=plan.seed))
    network = from_imagenet(len(findings), architecture=plan.network)
    if initial:
        network.load_state_dict(torch.load(initial, weights_only=True)["average"])
    return network


def start(plan: Plan, network: Network) -> State:
    """A fresh state of ``network``."""
    network = network.to(memory_format=torch.channels_last)
    for frozen in frozen_parts(network, plan.freeze):
        frozen.requires_grad_(requires_grad=False)
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = AdamW(learning, lr=plan.learning_rate, weight_decay=plan.weight_decay)
    steps = plan.epochs * (plan.images // plan.batch)

    def rate(step: int) -> float:
        warm = min(1.0, (step + 1) / plan.warmup)
        return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps))))

    average = copy.deepcopy(network).requires_grad_(requires_grad=False).eval()
    return State(network=network, average=average, optimizer=optimizer, schedule=LambdaLR(optimizer, rate))


def frozen_parts(network: Network, blocks: int) -> list[nn.Module]:
    """The stem and the first ``blocks``; nothing for 0."""
    return [network.stem, *network.blocks[:blocks]] if blocks else []


def save(state: State, path: Path, **about: object) -> None:
    """Write the checkpoint whole or not at all."""
    content = {
        "network": state.network.state_dict(),
        "average": state.average.state_dict(),
        "optimizer": state.optimizer.state_dict(),
        "schedule": state.schedule.state_dict(),
        "epoch": state.epoch,
        **about,
    }
    partial = path.with_suffix(".partial")
    torch.save(content, partial)
    partial.replace(path)


def resume(state: State, path: Path) -> None:
    content = torch.load(path, weights_only=True)
    for part in ("network", "average", "optimizer", "schedule"):
        getattr(state, part).load_state_dict(content[part])
    state.epoch = content["epoch"]


def batches(data: Radiographs, plan: Plan, epoch: int) -> Iterator[Batch]:
    """The batches of one epoch: the same for the same seed and epoch, whether resumed or not."""
    data.epoch = epoch
    generator = torch.Generator().manual_seed(plan.seed * 10_007 + epoch)
    drawn: Sampler[int] = (
        RandomSampler(data, num_samples=plan.images, generator=generator)
        if plan.plain
        else WeightedRandomSampler(sampling.weights(data.examples).tolist(), plan.images, generator=generator)
    )
    loader = DataLoader(data, plan.batch, sampler=drawn, num_workers=plan.workers, drop_last=True, generator=generator)
    yield from loader


def follow(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move ``average`` a little towards ``network``; counters and the like are copied."""
    for mean, value in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        if mean.is_floating_point():
            mean.lerp_(value, 1 - decay)
        else:
            mean.copy_(value)


def train_epoch(state: State, data: Radiographs, plan: Plan) -> float:
    """One epoch; the mean loss."""
    torch.manual_seed(plan.seed * 10_007 + state.epoch)  # dropout: the same whether resumed or not
    state.network.train()
    for frozen in frozen_parts(state.network, plan.freeze):
        frozen.eval()  # also the means and variances of its normalisations
    running = 0.0
    count = plan.images // plan.batch
    progress = tqdm(batches(data, plan, state.epoch), f"epoch {state.epoch}", total=count, mininterval=10)
    for step, batch in enumerate(progress):
        loss = _step(state, batch, losses.findings if plan.plain else losses.total)
        # Early on the average would still be ImageNet: let it follow faster.
        done = state.schedule.last_epoch
        follow(state.average, state.network, min(plan.ema, (1 + done) / (10 + done)))
        running += loss
        progress.set_postfix(loss=f"{running / (step + 1):.4f}", refresh=False)
    return running / count


def _step(state: State, batch: Batch, asked: Callable[[Outputs, Batch], Tensor]) -> float:
    outputs: Outputs = state.network(batch.pixels.to(memory_format=torch.channels_last))
    loss = asked(outputs, batch)
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(state.network.parameters(), 5.0)
    state.optimizer.step()
    state.schedule.step()
    return float(loss.detach())


def augmented_data(examples: list[Example], findings: tuple[str, ...], plan: Plan) -> Radiographs:
    odds = priors.log_odds(examples, sampling.weights(examples), findings)
    return Radiographs(examples, findings, plan.size, seed=plan.seed, priors=odds)


def plain_data(examples: list[Example], findings: tuple[str, ...], plan: Plan) -> Radiographs:
    return Radiographs([example for example in examples if example.labels], findings, plan.size)


def train(
    examples: list[Example],
    findings: tuple[str, ...],
    plan: Plan,
    out: Path,
    *,
    initial: Path | None = None,
    reader: Path | None = None,
) -> Path:
    """Train on the split ``train`` of ``examples``; the path of the last checkpoint."""
    out.mkdir(parents=True, exist_ok=True)
    checkpoint = out / "checkpoint.pt"
    about = {"findings": list(findings), "plan": dataclasses.asdict(plan)}
    (out / "plan.json").write_text(json.dumps(about, indent=2))
    learnt = [e for e in examples if e.split == "train"]
    state = start(plan, initial_network(plan, findings, learnt, initial, reader))
    if checkpoint.exists():
        resume(state, checkpoint)
    data = plain_data(learnt, findings, plan) if plan.plain else augmented_data(learnt, findings, plan)
    with SummaryWriter(str(out)) as board:
        while state.epoch < plan.epochs:
            loss = train_epoch(state, data, plan)
            state.epoch += 1
            board.add_scalar("loss/train", loss, state.epoch)
            board.add_scalar("learning rate", state.schedule.get_last_lr()[0], state.epoch)
            save(state, checkpoint, **about)
    return checkpoint


@click.command()
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--all-rows", is_flag=True, help="Also rows and findings for research only. Such a network may not be shipped."
)
@click.option("--initial", type=click.Path(exists=True, path_type=Path), help="Start from this checkpoint's weights.")
@click.option("--reader", type=click.Path(exists=True, path_type=Path), help="Start from the network of this manifest.")
@click.option("--network", type=click.Choice(list(ARCHITECTURES)), default=Plan.network, show_default=True)
@click.option("--freeze", default=Plan.freeze, show_default=True, help="Blocks from the input on that do not learn.")
@click.option("--plain", is_flag=True, help="The plain recipe, to compare with: images as they are, findings only.")
@click.option("--size", default=Plan.size, show_default=True, help="Side of the network's input in pixels.")
@click.option("--epochs", default=Plan.epochs, show_default=True)
@click.option("--images", default=Plan.images, show_default=True, help="Images drawn an epoch.")
@click.option("--batch", default=Plan.batch, show_default=True)
@click.option("--learning-rate", default=Plan.learning_rate, show_default=True)
@click.option("--warmup", default=Plan.warmup, show_default=True, help="Steps.")
@click.option("--ema", default=Plan.ema, show_default=True, help="Share of the running mean that a step keeps.")
@click.option("--weight-decay", default=Plan.weight_decay, show_default=True)
@click.option("--seed", default=Plan.seed, show_default=True)
@click.option("--workers", default=Plan.workers, show_default=True, help="Loading processes.")
def command(
    data: Path, out: Path, *, all_rows: bool, initial: Path | None, reader: Path | None, **settings: object
) -> None:
    """Train on the folder DATA (index.csv and images); checkpoints and TensorBoard logs go to OUT."""
    plan = Plan(**settings)  # type: ignore[arg-type]
    findings = (*FINDINGS, *RESEARCH) if all_rows else FINDINGS
    path = train(index.load(data, open_only=not all_rows), findings, plan, out, initial=initial, reader=reader)
    click.echo(f"Last checkpoint: {path}")


if __name__ == "__main__":
    command()
