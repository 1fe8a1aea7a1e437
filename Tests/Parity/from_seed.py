"""Rebuilds everything random in a trace from its seed alone, in NumPy."""

import math

import numpy as np
import torch
from torch import Tensor, nn

import gan_random
import penalties
from gan_random import Purpose
from judgement import Judgement, Kind, largest_difference
from trace_file import PLAYERS, Trace

INITIALISATION = {
    "generator": Purpose.GENERATOR_INITIALISATION,
    "discriminator": Purpose.DISCRIMINATOR_INITIALISATION,
}


def judge_initial_parameters(
    trace: Trace, networks: dict[str, nn.Sequential], judgement: Judgement
) -> None:
    """Compares the parameters before step 0 with PyTorch's default for linear layers."""
    for player in PLAYERS:
        position = 0
        for index, layer in enumerate(networks[player]):
            for name, parameter in layer.named_parameters(recurse=False):
                bound = np.float32(1 / math.sqrt(_fan_in(layer)))
                uniforms = gan_random.uniforms(
                    trace.seed, INITIALISATION[player], position, parameter.numel()
                )
                expected = ((2 * uniforms - 1) * bound).reshape(parameter.shape)
                full_name = f"initial.{player}.{index}.{name}"
                error = largest_difference(trace.tensor(full_name), _doubles(expected))
                judgement.add(full_name, Kind.INITIAL, error)
                position += 1


def judge_latents(trace: Trace, judgement: Judgement) -> None:
    """Compares the latents of every update; each player counts its own updates from 0."""
    discriminator_updates = 0
    for step in range(trace.step_count):
        for update in range(trace.discriminator_update_count(step)):
            name = f"step.{step}.discriminator.{update}.latents"
            purpose = Purpose.DISCRIMINATOR_LATENTS
            _judge_normals(trace, name, purpose, discriminator_updates, judgement)
            discriminator_updates += 1
        name = f"step.{step}.generator.latents"
        if not trace.options.get("sharedLatents"):
            _judge_normals(trace, name, Purpose.GENERATOR_LATENTS, step, judgement)


def judge_penalty_randomness(trace: Trace, judgement: Judgement) -> None:
    """Compares the random numbers of penalties, where there are any."""
    discriminator_updates = 0
    for step in range(trace.step_count):
        for update in range(trace.discriminator_update_count(step)):
            for role, purpose in penalties.PURPOSES.items():
                name = f"step.{step}.discriminator.{update}.{role}"
                if name in trace:
                    recorded = trace.tensor(name)
                    uniforms = gan_random.uniforms(
                        trace.seed, purpose, discriminator_updates, recorded.numel()
                    )
                    error = largest_difference(
                        recorded, _doubles(uniforms.reshape(recorded.shape))
                    )
                    judgement.add(name, Kind.RANDOM, error)
            discriminator_updates += 1


def judge_batches(trace: Trace, images: np.ndarray, judgement: Judgement) -> None:
    """Compares the real images of every update with `images`, uint8 `[N, ...]`."""
    batch_size, packing = trace.options["batchSize"], trace.options["packing"]
    # The last batch of an epoch holds whole packs only.
    used = len(images) - len(images) % batch_size % packing
    batches_per_epoch = math.ceil(used / batch_size)
    steps_per_epoch = math.ceil(batches_per_epoch / trace.options["discriminatorSteps"])
    order = np.empty(0)
    batch = 0
    for step in range(trace.step_count):
        if step % steps_per_epoch == 0:
            epoch = step // steps_per_epoch
            order = gan_random.permutation(trace.seed, Purpose.EPOCH_ORDER, epoch, len(images))
            batch = 0
        for update in range(trace.discriminator_update_count(step)):
            name = f"step.{step}.discriminator.{update}.real"
            recorded = trace.tensor(name)
            rows = order[:used][batch * batch_size : (batch + 1) * batch_size]
            expected = (images[rows].astype(np.float64) / 255 - 0.5) / 0.5
            error = largest_difference(recorded.flatten(1), _doubles(expected).flatten(1))
            judgement.add(name, Kind.BATCHES, error)
            batch += 1


def normals(seed: int, purpose: Purpose, step: int, shape: tuple[int, ...]) -> np.ndarray:
    """Standard normal numbers of `shape`, float32."""
    return gan_random.normals(seed, purpose, step, math.prod(shape)).reshape(shape)


def _judge_normals(
    trace: Trace, name: str, purpose: Purpose, number: int, judgement: Judgement
) -> None:
    recorded = trace.tensor(name)
    shape = (recorded.shape[0], trace.options["latentSize"])
    expected = _doubles(normals(trace.seed, purpose, number, shape))
    judgement.add(name, Kind.RANDOM, largest_difference(recorded, expected))


def _fan_in(layer: nn.Module) -> int:
    """Inputs of one output; only linear layers have parameters so far."""
    assert isinstance(layer, nn.Linear), layer
    return layer.in_features


def _doubles(values: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float64))
