"""Rebuilds the parameters and buffers before step 0 from a trace's seed alone, in NumPy."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

import gan_random
from gan_random import Purpose
from judgement import Judgement, Kind, largest_difference
from networks import BATCH_NORMS, ChannelBasis, ClassProduct, Network, Residual
from trace_file import Trace

PURPOSES = {
    "generator": Purpose.GENERATOR_INITIALISATION,
    "discriminator": Purpose.DISCRIMINATOR_INITIALISATION,
}
POWER_ITERATIONS = 15
ORIGINAL = "parametrizations.weight.original"
f32 = np.float32


@dataclass(frozen=True)
class Draw:
    """The numbers that a parameter is made of."""

    seed: int
    purpose: Purpose
    position: int
    shape: tuple[int, ...]

    def uniform(self, bound: float) -> np.ndarray:
        """Uniform within `bound` of 0, float32."""
        u = gan_random.uniforms(self.seed, self.purpose, self.position, math.prod(self.shape))
        return ((2 * u - 1) * f32(bound)).reshape(self.shape)

    def normal(self, deviation: float) -> np.ndarray:
        """Normal around 0, float32."""
        n = gan_random.normals(self.seed, self.purpose, self.position, math.prod(self.shape))
        return (n * f32(deviation)).reshape(self.shape)

    def orthonormal(self) -> np.ndarray:
        """Rows that are orthonormal, or columns where those are fewer, of normals in order."""
        rows, columns = self.shape[0], math.prod(self.shape[1:])
        count, length = min(rows, columns), max(rows, columns)
        vectors = self.normal(1).astype(np.float64).reshape(-1)[: count * length]
        q, r = np.linalg.qr(vectors.reshape(count, length).T)
        q = q * np.sign(np.diag(r))
        return (q.T if rows <= columns else q).reshape(self.shape)


@dataclass(frozen=True)
class Place:
    """Where a weight is in the main branch of a residual block."""

    index: int
    """Weights before it."""
    count: int
    """Weights in the branch."""
    blocks: int
    """Residual blocks in the network."""


@dataclass(frozen=True)
class Parameter:
    """A parameter in the order of the files: a layer's weight before its bias."""

    name: str
    layer: nn.Module
    is_weight: bool
    shape: tuple[int, ...]
    branch: Place | None = None

    def fans(self) -> tuple[int, int]:
        """Inputs of an output, and outputs of an input, as PyTorch counts them."""
        weight = getattr(self.layer, "weight")
        window = math.prod(weight.shape[2:])
        return weight.shape[1] * window, weight.shape[0] * window

    def value(self, initialization: str, draw: Draw) -> np.ndarray:
        """What it is before step 0."""
        is_norm = isinstance(self.layer, (*BATCH_NORMS, nn.LayerNorm, nn.InstanceNorm2d))
        if is_norm and self.is_weight:
            return 1 + draw.normal(0.02 if initialization == "dcgan" else 0)
        if not self.is_weight:
            has_fans = initialization == "pytorch" and not is_norm
            return draw.uniform(1 / math.sqrt(self.fans()[0]) if has_fans else 0)
        if initialization == "fixup":
            return draw.normal(self.fixup_deviation())
        if isinstance(self.layer, nn.Embedding) and initialization in ("pytorch", "dcgan"):
            return draw.normal(1)
        return WEIGHTS[initialization](draw, *self.fans())

    def fixup_deviation(self) -> float:
        """Of a network without normalisation: Zhang et al. 2019."""
        if isinstance(self.layer, ClassProduct):
            return 1 / math.sqrt(self.layer.weight.numel())
        if isinstance(self.layer, nn.Embedding):
            return 1 / math.sqrt(self.layer.num_embeddings)
        if isinstance(self.layer, ChannelBasis):
            return 1
        if self.branch is None:
            gain = 1.0
        elif self.branch.index == self.branch.count - 1:
            gain = 0.0
        else:
            depth = self.branch.blocks ** (-1 / (2 * (self.branch.count - 1)))
            gain = math.sqrt(2 / (1 + 0.2**2)) * depth
        return gain / math.sqrt(self.fans()[0])


WEIGHTS: dict[str, Callable[[Draw, int, int], np.ndarray]] = {
    "pytorch": lambda draw, fan_in, fan_out: draw.uniform(1 / math.sqrt(fan_in)),
    "dcgan": lambda draw, fan_in, fan_out: draw.normal(0.02),
    "he": lambda draw, fan_in, fan_out: draw.normal(math.sqrt(2 / fan_in)),
    "xavier": lambda draw, fan_in, fan_out: draw.uniform(math.sqrt(6 / (fan_in + fan_out))),
    "orthogonal": lambda draw, fan_in, fan_out: draw.orthonormal(),
}
"""How weights are drawn, by the name of the initialisation."""


def judge(trace: Trace, networks: Mapping[str, Network], judgement: Judgement) -> None:
    """Compares the parameters and buffers before step 0."""
    for player, network in networks.items():
        for name, expected in _initial_values(trace, player, network).items():
            full_name = f"initial.{player}.{name}"
            is_float = np.issubdtype(expected.dtype, np.floating)
            recorded = trace.tensor(full_name, torch.float64 if is_float else torch.int64)
            values = torch.from_numpy(expected.astype(np.float64))
            judgement.add(full_name, Kind.INITIAL, largest_difference(recorded.double(), values))


def _initial_values(trace: Trace, player: str, network: Network) -> dict[str, np.ndarray]:
    values: dict[str, np.ndarray] = {}
    for position, parameter in enumerate(_parameters(network)):
        draw = Draw(trace.seed, PURPOSES[player], position, parameter.shape)
        value = parameter.value(trace.options["initialization"], draw)
        values[parameter.name] = value
        if parameter.name.endswith(ORIGINAL):
            stream = position + (1 << 40 if player == "discriminator" else 0)
            axis = 1 if isinstance(parameter.layer, nn.ConvTranspose2d) else 0
            rows = np.moveaxis(value, axis, 0).astype(np.float64).reshape(value.shape[axis], -1)
            u, v = _spectral_vectors(rows, trace.seed, stream)
            stem = parameter.name.removesuffix("original")
            values[f"{stem}0._u"], values[f"{stem}0._v"] = u, v
    for name, layer in network.named_modules():
        if isinstance(layer, BATCH_NORMS):
            values[f"{name}.running_mean"] = np.zeros(layer.num_features)
            values[f"{name}.running_var"] = np.ones(layer.num_features)
            values[f"{name}.num_batches_tracked"] = np.zeros((), np.int64)
    return values


def _places(network: Network) -> dict[str, Place]:
    """The weights in main branches of residual blocks, by name."""
    blocks = {name: layer for name, layer in network.named_modules() if isinstance(layer, Residual)}
    places = {}
    for name, block in blocks.items():
        weights = [part for part, _ in block.main.named_parameters() if part.endswith("weight")]
        for index, part in enumerate(weights):
            places[f"{name}.main.{part}"] = Place(index, len(weights), len(blocks))
    return places


def _parameters(network: Network) -> Iterator[Parameter]:
    places = _places(network)
    normalised = set(network.normalised_layers())
    for name, layer in network.named_modules():
        own = dict(layer.named_parameters(recurse=False))
        if layer in normalised:
            own["weight"] = getattr(layer, "parametrizations").weight.original
        elif name.endswith(".parametrizations.weight"):
            continue
        for key in ("weight", "bias"):
            if (parameter := own.get(key)) is not None:
                plain = ORIGINAL if key == "weight" and layer in normalised else key
                yield Parameter(
                    f"{name}.{plain}", layer, key == "weight", tuple(parameter.shape),
                    places.get(f"{name}.{key}"),
                )


def _spectral_vectors(
    matrix: np.ndarray, seed: int, stream: int
) -> tuple[np.ndarray, np.ndarray]:
    """u and v after the power iterations that PyTorch starts with."""
    rows, columns = matrix.shape
    drawn = gan_random.normals(seed, Purpose.SPECTRAL_VECTORS, stream, rows + columns)
    u, v = _normalised(drawn[:rows]), _normalised(drawn[rows:])
    for _ in range(POWER_ITERATIONS):
        u = _normalised(matrix @ v)
        v = _normalised(matrix.T @ u)
    return u, v


def _normalised(vector: np.ndarray) -> np.ndarray:
    vector = vector.astype(np.float64)
    return vector / max(np.linalg.norm(vector), 1e-12)
