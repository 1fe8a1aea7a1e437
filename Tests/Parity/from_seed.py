"""Rebuilds what is drawn and chosen during the steps of a trace from its seed alone, in NumPy."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

import augmentation
import gan_random
import idx_files
import penalties
from gan_random import Purpose
from judgement import Judgement, Kind, largest_difference
from networks import Network
from trace_file import Trace

APPLICATIONS = {
    "discriminator": {"real": 0, "generated": 1, "penalty": 2, "generator": 5},
    "generator": {"generated": 3, "real": 4, "generator": 6},
}
"""The numbers of the applications of a network within a player's update."""

LATENTS = {
    "discriminator": Purpose.DISCRIMINATOR_LATENTS,
    "generator": Purpose.GENERATOR_LATENTS,
}


@dataclass(frozen=True)
class DataSet:
    """What a run was trained on, in the order of the data."""

    images: np.ndarray
    """uint8 `[N, ...]`."""
    labels: np.ndarray
    """uint8 `[N]`."""

    @staticmethod
    def read(folder: Path) -> "DataSet":
        """The training images and labels of MNIST's files."""
        names = (idx_files.TRAINING_IMAGES, idx_files.TRAINING_LABELS)
        return DataSet(*(idx_files.read(idx_files.find(folder, name)) for name in names))


@dataclass(frozen=True)
class PlayerUpdate:
    """One update of a player."""

    name: str
    """Such as `step.3.discriminator.0`."""
    player: str
    number: int
    """The player's updates before this one."""

    def step(self, role: str, layer: int = 0) -> int:
        """The step of a stream that an application of a network has to itself."""
        return self.number + (APPLICATIONS[self.player][role] + 8 * layer << 40)


def judge_randomness(trace: Trace, networks: Mapping[str, Network], judgement: Judgement) -> None:
    """Compares every random tensor of every update."""
    for update in _updates(trace):
        for part in trace.names(f"{update.name}."):
            name = f"{update.name}.{part}"
            is_label = part.endswith("Labels")
            recorded = trace.labels(name).double() if is_label else trace.tensor(name)
            expected = _drawn(trace, networks, update, part, tuple(recorded.shape))
            if expected is not None:
                error = largest_difference(recorded, _doubles(expected))
                judgement.add(name, Kind.RANDOM, error)


def _drawn(
    trace: Trace,
    networks: Mapping[str, Network],
    update: PlayerUpdate,
    part: str,
    shape: tuple[int, ...],
) -> np.ndarray | None:
    """What the tensor `part` of an update must be; None where it is not random."""
    def uniforms(purpose: Purpose, step: int) -> np.ndarray:
        return gan_random.uniforms(trace.seed, purpose, step, math.prod(shape)).reshape(shape)

    match part.split("."):
        case ["latents"]:
            return normals(trace.seed, LATENTS[update.player], update.number, shape)
        case ["latentLabels"] if trace.options.get("freshReals"):
            return trace.labels(f"{update.name}.realLabels").numpy()
        case ["latentLabels"]:
            u = uniforms(Purpose.LATENT_LABELS, update.step("generated"))
            return np.floor(u * np.float32(trace.options["classCount"]))
        case ["horizontalFlip"]:
            application = 1 << 40 if update.player == "generator" else 0
            return uniforms(Purpose.HORIZONTAL_FLIP, update.number + application)
        case ["dropout", role, *layer]:
            network = networks["generator" if role == "generator" else "discriminator"]
            index = network.dropout_layers().index(".".join(layer))
            return uniforms(Purpose.DROPOUT, update.step(role, index))
        case [kind] if kind in penalties.PURPOSES:
            return uniforms(penalties.PURPOSES[kind], update.number)
        case [*kind, role] if (stream := augmentation.STREAMS.get(".".join(kind))):
            return stream.drawn(trace.seed, update.step(role), math.prod(shape)).reshape(shape)
    return None


def judge_batches(trace: Trace, data: DataSet, judgement: Judgement) -> None:
    """Compares the real items of every update, and their classes, with `data`."""
    fresh = _fresh_batches(trace, len(data.images)) if trace.options.get("freshReals") else ()
    for name, rows in [*_batches(trace, len(data.images)), *fresh]:
        recorded = trace.tensor(f"{name}.real").flatten(1)
        expected = (data.images[rows].astype(np.float64) / 255 - 0.5) / 0.5
        error = largest_difference(recorded, _doubles(expected).flatten(1))
        judgement.add(f"{name}.real", Kind.BATCHES, error)
        if trace.is_told_classes:
            labels = trace.labels(f"{name}.realLabels").double()
            error = largest_difference(labels, _doubles(data.labels[rows]))
            judgement.add(f"{name}.realLabels", Kind.BATCHES, error)
    if not trace.shares_latents:
        steps = steps_of_epoch(trace.options, len(data.images))
        for step in range(trace.step_count):
            name = f"step.{step}.generator.latents"
            size = steps[step % len(steps)][-1]
            judgement.add(name, Kind.BATCHES, abs(len(trace.tensor(name)) - size))


def steps_of_epoch(options: dict[str, Any], count: int) -> list[list[int]]:
    """The sizes of the batches of each step of an epoch of `count` items."""
    size, due = options["batchSize"], options["discriminatorSteps"]
    full, rest = divmod(count, size)
    # A batch holds whole packs only.
    remainder = [rest - rest % options["packing"]] if rest >= options["packing"] else []
    batches = [size] * full
    if due == 1 or not batches:
        batches += remainder
        remainder = []
    steps = [batches[first : first + due] for first in range(0, len(batches), due)]
    # The generator's update takes as many items as the last batch: the remainder is never that.
    steps[-1] = remainder + steps[-1]
    return steps


def _batches(trace: Trace, count: int) -> Iterator[tuple[str, np.ndarray]]:
    """Each discriminator update and the rows of the data it is about."""
    steps = steps_of_epoch(trace.options, count)
    for step in range(trace.step_count):
        epoch, step_of_epoch = divmod(step, len(steps))
        order = gan_random.permutation(trace.seed, Purpose.EPOCH_ORDER, epoch, count)
        start = sum(sum(sizes) for sizes in steps[:step_of_epoch])
        for update, size in enumerate(steps[step_of_epoch]):
            yield f"step.{step}.discriminator.{update}", order[start : start + size]
            start += size


def _fresh_batches(trace: Trace, count: int) -> Iterator[tuple[str, np.ndarray]]:
    """Each generator update and the rows that it drew for itself."""
    for step in range(trace.step_count):
        name = f"step.{step}.generator"
        size = len(trace.tensor(f"{name}.real"))
        u = gan_random.uniforms(trace.seed, Purpose.FRESH_ITEMS, step, size)
        yield name, np.floor(u * np.float32(count)).astype(np.int64)


def normals(seed: int, purpose: Purpose, step: int, shape: tuple[int, ...]) -> np.ndarray:
    """Standard normal numbers of `shape`, float32."""
    return gan_random.normals(seed, purpose, step, math.prod(shape)).reshape(shape)


def _updates(trace: Trace) -> Iterator[PlayerUpdate]:
    """Every update in order; each player counts its own from 0."""
    discriminator_updates = 0
    for step in range(trace.step_count):
        for update in range(trace.discriminator_update_count(step)):
            name = f"step.{step}.discriminator.{update}"
            yield PlayerUpdate(name, "discriminator", discriminator_updates)
            discriminator_updates += 1
        yield PlayerUpdate(f"step.{step}.generator", "generator", step)


def _doubles(values: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float64))
