"""Builds PyTorch networks from the layers a trace or a checkpoint describes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm
from torch.nn.utils.parametrize import is_parametrized

from trace_file import TraceError

Description = dict[str, Any]
WEIGHTED = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d, nn.Embedding)
"""Modules whose `weight` is a matrix, or stands for one."""
BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


def make_network(description: Description) -> "Network":
    """The described network in double precision, in training mode; its `state_dict` has our names.

    Its layers are PyTorch's own wherever PyTorch has them. Raises TraceError for an unknown layer.
    """
    layers, _ = _layers(description["layers"], "", len(description["inputShape"]))
    return Network(*layers).double().train()


def _no_uniforms(layer: str) -> Tensor:
    raise TraceError(f"layer {layer}: no random numbers were given")


@dataclass(frozen=True)
class Application:
    """What a network is told when it is applied, besides its input."""

    labels: Tensor | None = None
    """The class of each item, int64 `[N]`."""
    uniform: Callable[[str], Tensor] = _no_uniforms
    """Uniforms in [0, 1) of a layer, by its name, in the shape of its input."""


class Sequence(nn.Sequential):
    """Layers one after the other, some of which look at more than their input."""

    def apply_to(self, x: Tensor, application: Application) -> Tensor:
        for layer in self:
            x = layer(x, application) if isinstance(layer, TOLD) else layer(x)
        return x


class Network(Sequence):
    """A whole network. Spectral norms iterate when `iterate_power` says so, and never else."""

    def forward(  # type: ignore[override]
        self,
        x: Tensor,
        labels: Tensor | None = None,
        uniform: Callable[[str], Tensor] = _no_uniforms,
    ) -> Tensor:
        """`[N, ...]` to `[N, ...]`; `uniform` gives the numbers of a dropout layer by its name."""
        return self.apply_to(x, Application(labels, uniform))

    def train(self, mode: bool = True) -> "Network":
        super().train(mode)
        for layer in self.normalised_layers():
            layer.parametrizations.weight[0].eval()
        return self

    @torch.no_grad()
    def iterate_power(self) -> None:
        """One power iteration for each spectrally normalised weight, as PyTorch does it."""
        for layer in self.normalised_layers():
            norm = layer.parametrizations.weight[0]
            norm.train()
            _ = layer.weight
            norm.eval()

    def normalised_layers(self) -> Iterator[nn.Module]:
        """Layers whose weight is divided by its spectral norm."""
        return (layer for layer in self.modules() if is_parametrized(layer, "weight"))

    def dropout_layers(self) -> list[str]:
        """The names of its dropout layers, in the order in which they are applied."""
        return [layer.name for layer in self.modules() if isinstance(layer, Dropout)]

    @contextmanager
    def unobserved(self) -> Iterator[None]:
        """Inside, batch statistics normalise as in training, and running ones learn nothing."""
        norms = [layer for layer in self.modules() if isinstance(layer, BATCH_NORMS)]
        for norm in norms:
            norm.track_running_stats = False
        try:
            yield
        finally:
            for norm in norms:
                norm.track_running_stats = True


class Reshape(nn.Module):
    """The same numbers in another shape, item by item."""

    def __init__(self, shape: list[int]) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(x.shape[0], *self.shape)


class SumPooling(nn.Module):
    """The sum over the pixels of each channel."""

    def forward(self, x: Tensor) -> Tensor:
        return x.sum((2, 3))


class MinibatchDeviation(nn.Module):
    """How much each item's group differs, as one more feature (Karras et al. 2017)."""

    def __init__(self, group_size: int) -> None:
        super().__init__()
        self.group_size = group_size

    def forward(self, x: Tensor) -> Tensor:
        size = max(s for s in range(1, self.group_size + 1) if len(x) % s == 0)
        groups = x.reshape(size, len(x) // size, -1)
        deviation = (groups.var(0, correction=0) + 1e-8).sqrt().mean(1)
        beside = deviation.repeat(size).reshape(-1, *[1] * (x.ndim - 1))
        return torch.cat([x, beside.expand(-1, 1, *x.shape[2:])], 1)


class Dropout(nn.Module):
    """PyTorch's dropout with numbers that somebody else has drawn."""

    def __init__(self, probability: float, name: str) -> None:
        super().__init__()
        self.probability, self.name = probability, name

    def forward(self, x: Tensor, application: Application) -> Tensor:
        if not self.training or self.probability == 0:
            return x
        uniform = application.uniform(self.name)
        if uniform.shape != x.shape:
            raise TraceError(f"layer {self.name}: {list(uniform.shape)} for {list(x.shape)}")
        # Probabilities are float32, as the numbers are.
        kept = uniform >= float(torch.tensor(self.probability, dtype=torch.float32))
        return torch.where(kept, x / (1 - self.probability), 0)


class LabelConcatenation(nn.Embedding):
    """A vector, or a channel of pixels, that is learnt for each class, beside the item."""

    def __init__(self, classes: int, shape: list[int]) -> None:
        super().__init__(classes, torch.Size(shape).numel())
        self.shape = shape

    def forward(self, x: Tensor, application: Application) -> Tensor:  # type: ignore[override]
        beside = super().forward(_labels(application))
        return torch.cat([x, beside.reshape(x.shape[0], *self.shape)], 1)


class Projection(nn.Module):
    """The logit of Miyato and Koyama's discriminator (2018)."""

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, 1)
        self.embedding = nn.Embedding(classes, inputs)

    def forward(self, x: Tensor, application: Application) -> Tensor:
        of_class = self.embedding(_labels(application))
        return self.linear(x) + (x * of_class).sum(1, keepdim=True)


class BinomialResampling(nn.Module):
    """Twice or half as many rows and columns, smoothed by [1, 3, 3, 1] along each axis."""

    def __init__(self, direction: str) -> None:
        super().__init__()
        self.enlarges = direction == "enlarging"

    def forward(self, x: Tensor) -> Tensor:
        line = torch.tensor([1, 3, 3, 1], dtype=x.dtype)
        window = torch.outer(line, line).expand(x.shape[1], 1, 4, 4) / 64
        if self.enlarges:
            return nn.functional.conv_transpose2d(x, 4 * window, None, 2, 1, groups=x.shape[1])
        return nn.functional.conv2d(x, window, None, 2, 1, groups=x.shape[1])


class ChannelBasis(nn.Module):
    """A learnt image for each channel, times the channel's number."""

    def __init__(self, shape: list[int]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shape))

    def forward(self, x: Tensor) -> Tensor:
        return x[:, :, None, None] * self.weight


class ClassProduct(nn.Embedding):
    """The inner product of features with a vector that is learnt for each class."""

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__(classes, inputs)

    def forward(self, x: Tensor, application: Application) -> Tensor:  # type: ignore[override]
        return (x * super().forward(_labels(application))).sum(1, keepdim=True)


class Clipping(nn.Module):
    """Values as they are in training, else clipped to [-1, 1]."""

    def forward(self, x: Tensor) -> Tensor:
        return x if self.training else x.clamp(-1, 1)


class Residual(nn.Module):
    """The sum of two branches."""

    def __init__(self, main: Sequence, shortcut: Sequence) -> None:
        super().__init__()
        self.main, self.shortcut = main, shortcut

    def forward(self, x: Tensor, application: Application) -> Tensor:
        return self.main.apply_to(x, application) + self.shortcut.apply_to(x, application)


TOLD = (Dropout, LabelConcatenation, Projection, ClassProduct, Residual)
"""Layers that look at more than their input."""


def _labels(application: Application) -> Tensor:
    if application.labels is None:
        raise TraceError("a layer looks at classes, and none were given")
    return application.labels


def _batch_norm(layer: Description, rank: int) -> nn.Module:
    make = nn.BatchNorm1d if rank == 1 else nn.BatchNorm2d
    return make(layer["channels"], eps=layer["epsilon"], momentum=layer["momentum"])


def _upsampling(layer: Description) -> nn.Module:
    return nn.Upsample(scale_factor=layer["factor"], mode=layer["interpolation"])


SIMPLE: dict[str, Callable[[Description], nn.Module]] = {
    "linear": lambda x: nn.Linear(x["inputs"], x["outputs"], bias=x.get("bias", True)),
    "convolution": lambda x: nn.Conv2d(
        x["inputs"], x["outputs"], x["window"], x["stride"], x["padding"], bias=x["bias"],
        groups=x.get("groups", 1),
    ),
    "transposedConvolution": lambda x: nn.ConvTranspose2d(
        x["inputs"], x["outputs"], x["window"], x["stride"], x["padding"], x["outputPadding"],
        bias=x["bias"],
    ),
    "relu": lambda x: nn.ReLU(),
    "leakyReLU": lambda x: nn.LeakyReLU(x["slope"]),
    "tanh": lambda x: nn.Tanh(),
    "softplus": lambda x: nn.Softplus(threshold=50),
    "reshape": lambda x: Reshape(x["shape"]),
    "sumPooling": lambda x: SumPooling(),
    "averagePooling": lambda x: nn.AvgPool2d(x["window"]),
    "upsampling": _upsampling,
    "layerNorm": lambda x: nn.LayerNorm(x["shape"], eps=x["epsilon"]),
    "instanceNorm": lambda x: nn.InstanceNorm2d(x["channels"], eps=x["epsilon"], affine=True),
    "minibatchDeviation": lambda x: MinibatchDeviation(x["groupSize"]),
    "labelConcatenation": lambda x: LabelConcatenation(x["classes"], x["shape"]),
    "projection": lambda x: Projection(x["inputs"], x["classes"]),
    "classProduct": lambda x: ClassProduct(x["inputs"], x["classes"]),
    "channelBasis": lambda x: ChannelBasis(x["shape"]),
    "binomialResampling": lambda x: BinomialResampling(x["direction"]),
    "clipping": lambda x: Clipping(),
}
"""Layers that their hyperparameters alone describe."""


def _layers(
    descriptions: list[Description], prefix: str, rank: int
) -> tuple[list[nn.Module], int]:
    """Layers that are given items of a rank, and the rank of what they make."""
    layers = []
    for index, description in enumerate(descriptions):
        layer, rank = _layer(description, f"{prefix}{index}", rank)
        layers.append(layer)
    return layers, rank


def _layer(layer: Description, name: str, rank: int) -> tuple[nn.Module, int]:
    """One layer, likewise."""
    match layer["kind"]:
        case "batchNorm":
            return _batch_norm(layer, rank), rank
        case "dropout":
            return Dropout(layer["probability"], name), rank
        case "spectralNorm":
            module, rank = _layer(layer["layer"], name, rank)
            for part in [part for part in module.modules() if isinstance(part, WEIGHTED)]:
                spectral_norm(part, eps=1e-12)
            return module, rank
        case "residual":
            shortcut, _ = _layers(layer["shortcut"], f"{name}.shortcut.", rank)
            main, rank = _layers(layer["main"], f"{name}.main.", rank)
            return Residual(Sequence(*main), Sequence(*shortcut)), rank
        case kind if kind in SIMPLE:
            ranks = {
                "reshape": len(layer.get("shape", [])), "sumPooling": 1, "channelBasis": 3,
            }
            return SIMPLE[kind](layer), ranks.get(kind, rank)
        case kind:
            raise TraceError(f"layer {name}: this replay knows no {kind!r}")
