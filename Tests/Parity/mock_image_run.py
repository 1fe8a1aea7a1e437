"""Trains a small convolutional GAN that is told classes in PyTorch, float32, as `mock_run` does.

It has batch and spectral normalisation, dropout, labels, shared latents, flips, augmentation, two
penalties and a moving average. It shares random numbers and format with a real trace, and nothing
with the replay's arithmetic. `fault` names what it is to do wrongly.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import batch_norm, cross_entropy, embedding, normalize

import gan_random
from gan_random import Purpose
from mock_run import ADAM

CLASSES, LATENT_SIZE, BATCH_SIZE, SIDE = 3, 6, 10, 6
DROPOUT = 0.25
HALF_LIFE, RAMP_UP = 45, 0.75
EXPONENTS = {0.05: 16.972198602303447, 0.1: 6.937203937601809}
"""Of power-function averages by length: the root of `length² (x + 2)² (x + 3) = x + 1`."""
WEIGHTS = {"wgan-gp": 2, "r1": 3}


def make_labels(count: int) -> np.ndarray:
    """Classes of stand-in images, uint8 `[count]`."""
    return (np.arange(count) * 7 % CLASSES).astype(np.uint8)


class BatchStatistics(nn.BatchNorm2d):
    """Batch normalisation that says itself what it learns, so that it can be told otherwise."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels)
        self.observes, self.corrects = True, True

    def forward(self, x: Tensor) -> Tensor:
        if self.observes:
            with torch.no_grad():
                wide = x.transpose(0, 1).flatten(1)
                for running, new in [
                    (self.running_mean, wide.mean(1)),
                    (self.running_var, wide.var(1, correction=int(self.corrects))),
                ]:
                    running.lerp_(new, self.momentum)
                self.num_batches_tracked += 1
        return batch_norm(x, None, None, self.weight, self.bias, training=True)


class Generator(nn.Module):
    """Latents and classes to images `[B, 1, 6, 6]`."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleDict({
            "0": nn.Embedding(CLASSES, CLASSES),
            "1": nn.Linear(LATENT_SIZE + CLASSES, 18, bias=False),
            "2": BatchStatistics(18),
            "5": nn.ConvTranspose2d(2, 1, 4, 2, 1),
        })

    def forward(self, latents: Tensor, labels: Tensor) -> Tensor:
        told = torch.hstack([latents, self.layers["0"](labels)])
        hidden = self.layers["2"](self.layers["1"](told)[:, :, None, None])
        return self.layers["5"](hidden.tanh().view(-1, 2, 3, 3)).tanh()


class Discriminator(nn.Module):
    """Images and classes to logits; weights but the scale's are divided by their norm."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleDict({
            "0": nn.Conv2d(1, 4, 4, 2, 1),
            "3": nn.Conv2d(4, 4, 3, padding=1, bias=False),
            "4": BatchStatistics(4),
            "7": nn.ModuleDict({
                "linear": nn.Linear(36, 1), "embedding": nn.Embedding(CLASSES, 36),
            }),
        })
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear | nn.Embedding):
                rows = len(layer.weight)
                layer.register_buffer("u", torch.zeros(rows))
                layer.register_buffer("v", torch.zeros(layer.weight[0].numel()))

    def forward(self, images: Tensor, labels: Tensor, uniforms: Tensor) -> Tensor:
        first, second, projection = (self.layers[key] for key in "037")
        x = torch.conv2d(images, _normalised(first), first.bias, 2, 1)
        x = torch.where(x > 0, x, 0.2 * x)
        x = x * (uniforms >= DROPOUT) / (1 - DROPOUT)
        x = self.layers["4"](torch.conv2d(x, _normalised(second), padding=1)).tanh().flatten(1)
        linear = projection["linear"]
        of_class = embedding(labels, _normalised(projection["embedding"]))
        return x @ _normalised(linear).T + linear.bias + torch.linalg.vecdot(x, of_class)[:, None]


def _normalised(layer: nn.Module) -> Tensor:
    weight = layer.weight
    return weight / torch.einsum("i,ij,j", layer.u, weight.flatten(1), layer.v)


class MockImageRun:
    """A run whose steps have two discriminator updates; `tensors` may be spoilt before `save`."""

    def __init__(self, images: np.ndarray, steps: int = 4, fault: str = "", seed: int = 77) -> None:
        self.images, self.labels = images, make_labels(len(images))
        self.seed, self.fault = seed, fault
        self.tensors: dict[str, Tensor] = {}
        self.players = {"generator": Generator(), "discriminator": Discriminator()}
        self._generator, self._discriminator = self.players.values()
        self._initialise()
        self._spoil()
        self._record_networks("initial")
        self._average = {
            key: value.clone() for key, value in self._named(self._generator).items()
        }
        self._power_averages = {length: dict(self._average) for length in EXPONENTS}
        self._optimizers = {
            name: torch.optim.Adam(network.parameters(), lr=ADAM["learningRate"])
            for name, network in self.players.items()
        }
        order = gan_random.permutation(seed, Purpose.EPOCH_ORDER, 0, len(images))
        for step in range(steps):
            for index in (0, 1):
                number = 2 * step + index
                rows = order[number * BATCH_SIZE : (number + 1) * BATCH_SIZE]
                fake = self._update_discriminator(
                    f"step.{step}.discriminator.{index}", rows, number)
            self._update_generator(f"step.{step}.generator", *fake, step)
            self._update_average(step)
            self._update_power_averages(step)
        self._record_networks("final")
        for key, value in self._average.items():
            self.tensors[f"final.average.{key}"] = value
        for length, average in self._power_averages.items():
            for key, value in average.items():
                self.tensors[f"final.powerAverage.{length}.{key}"] = value

    def save(self, path: Path) -> None:
        """Writes the trace to `path`."""
        options: dict[str, Any] = {
            "seed": self.seed, "objective": "non-saturating", "batchSize": BATCH_SIZE,
            "discriminatorSteps": 2, "packing": 1, "datasetCount": len(self.images),
            "itemShape": [1, SIDE, SIDE], "classCount": CLASSES, "latentSize": LATENT_SIZE,
            "sharedLatents": True, "conditioning": "projection", "initialization": "dcgan",
            "horizontalFlip": True, "augmentation": ["color"],
            "average": {"halfLife": HALF_LIFE, "rampUp": RAMP_UP, "postHoc": True},
            "penalties": list(WEIGHTS),
            "penalty": {name: {"weight": x, "interval": 1} for name, x in WEIGHTS.items()},
            "optimizer": {"generator": ADAM, "discriminator": ADAM},
        }
        metadata = {
            "options": json.dumps(options), "networks": json.dumps(NETWORKS), "formatVersion": "1",
        }
        save_file({key: x.contiguous() for key, x in self.tensors.items()}, path, metadata)

    # Updates.

    def _update_discriminator(
        self, update: str, rows: np.ndarray, number: int
    ) -> tuple[Tensor, Tensor]:
        """Also returns what was generated and its classes."""
        self._iterate_power()
        pixels = torch.from_numpy(self.images[rows].astype(np.float32))[:, None]
        labels = torch.from_numpy(self.labels[rows]).long()
        real = (pixels / 255 - 0.5) / 0.5
        self._record(update, real=real, realLabels=labels)
        flip = self._uniform(f"{update}.horizontalFlip", Purpose.HORIZONTAL_FLIP, number, len(rows))
        mirrored = real.flip(-1)
        real = torch.stack([b if u < 0.5 else a for a, b, u in zip(real, mirrored, flip)])
        latents = torch.from_numpy(
            gan_random.normals(
                self.seed, Purpose.DISCRIMINATOR_LATENTS, number, len(rows) * LATENT_SIZE)
        ).view(-1, LATENT_SIZE)
        told = self._uniform("", Purpose.LATENT_LABELS, number + (1 << 40), len(rows))
        fake_labels = (told * CLASSES).long()
        self._record(update, latents=latents, latentLabels=fake_labels)
        shift = 1 if self.fault == "shifted labels" else 0
        fake = self._generator(latents, (fake_labels + shift) % CLASSES)

        x = self._colored(real, update, "real", number, 0).requires_grad_()
        y = self._colored(fake.detach(), update, "generated", number, 1)
        r = self._logits(x, labels, update, "real", number, 0)
        f = self._logits(y, fake_labels, update, "generated", number, 1)
        slope = torch.autograd.grad(r.sum(), x, create_graph=True)[0]
        penalties = {"r1": WEIGHTS["r1"] / 2 * slope.square().sum((1, 2, 3)).mean()}
        e = self._uniform(
            f"{update}.interpolation", Purpose.PENALTY_INTERPOLATION, number, len(rows), 1)
        between = torch.lerp(y, x.detach(), e[:, :, None, None]).requires_grad_()
        statistics = self._discriminator.layers["4"]
        statistics.observes = self.fault == "a penalty that is observed"
        judged = self._logits(between, labels, update, "penalty", number, 2)
        statistics.observes = True
        slope = torch.autograd.grad(judged.sum(), between, create_graph=True)[0]
        norms = torch.linalg.vector_norm(slope, dim=(1, 2, 3))
        penalties["wgan-gp"] = WEIGHTS["wgan-gp"] * (norms - 1).square().mean()
        loss = _cross_entropy(r, 0) + _cross_entropy(f, 1) + sum(penalties.values())
        self._record(update, loss=loss, realScore=r.sigmoid().mean(), fakeScore=f.sigmoid().mean())
        self._record(update, **{f"penalty.{name}": x for name, x in penalties.items()})
        self._step("discriminator", update, loss)
        return fake, fake_labels

    def _update_generator(self, update: str, fake: Tensor, labels: Tensor, number: int) -> None:
        if self.fault == "a generator's step without augmentation":
            self._colored(fake, update, "generated", number, 3)
        else:
            fake = self._colored(fake, update, "generated", number, 3)
        f = self._logits(fake, labels, update, "generated", number, 3)
        loss = _cross_entropy(f, 0)
        self._record(update, loss=loss, fakeScore=f.sigmoid().mean())
        self._step("generator", update, loss)

    def _update_average(self, step: int) -> None:
        seen = BATCH_SIZE * (step + (1 if self.fault == "an average a step ahead" else 0))
        ramp = min(HALF_LIFE, RAMP_UP * seen)
        kept = 2 ** (-BATCH_SIZE / ramp) if ramp else 0
        for key, value in self._named(self._generator).items():
            old = self._average[key]
            is_mean = value.is_floating_point()
            self._average[key] = kept * old + (1 - kept) * value if is_mean else value.clone()

    def _update_power_averages(self, step: int) -> None:
        updates = step + (2 if self.fault == "a power average an update ahead" else 1)
        for length, exponent in EXPONENTS.items():
            average = self._power_averages[length]
            kept = (1 - 1 / updates) ** (exponent + 1)
            for key, value in self._named(self._generator).items():
                is_mean = value.is_floating_point()
                average[key] = kept * average[key] + (1 - kept) * value if is_mean else value.clone()

    def _iterate_power(self) -> None:
        for layer in self._discriminator.modules():
            for _ in range(2 if self.fault == "two power iterations" else 1):
                if hasattr(layer, "u"):
                    matrix = layer.weight.detach().flatten(1)
                    layer.u = normalize(matrix @ layer.v, dim=0, eps=1e-12)
                    layer.v = normalize(matrix.T @ layer.u, dim=0, eps=1e-12)

    # Parts of updates.

    def _colored(
        self, x: Tensor, update: str, role: str, number: int, application: int
    ) -> Tensor:
        step = number + (application << 40)
        u, c = (
            self._uniform(f"{update}.{kind}.{role}", purpose, step, len(x)).view(-1, 1, 1, 1)
            for kind, purpose in
            [("brightness", Purpose.BRIGHTNESS), ("contrast", Purpose.CONTRAST)]
        )
        x = x + u - 0.5
        mean = x.flatten(1).mean(1).view(-1, 1, 1, 1)
        return torch.lerp(mean, x, c + 0.5)

    def _logits(
        self, x: Tensor, labels: Tensor, update: str, role: str, number: int, application: int
    ) -> Tensor:
        uniforms = self._uniform(
            f"{update}.dropout.{role}.2", Purpose.DROPOUT, number + (application << 40),
            len(x), 4, 3, 3)
        return self._discriminator(x, labels, uniforms)

    def _uniform(self, name: str, purpose: Purpose, step: int, *shape: int) -> Tensor:
        """Uniforms, recorded where they have a name."""
        values = gan_random.uniforms(self.seed, purpose, step, math.prod(shape)).reshape(shape)
        made = torch.from_numpy(values.copy())
        if name:
            self.tensors[name] = made
        return made

    def _step(self, player: str, update: str, loss: Tensor) -> None:
        self._optimizers[player].zero_grad()
        parameters = dict(self.players[player].named_parameters())
        gradients = torch.autograd.grad(loss, list(parameters.values()))
        for (key, parameter), gradient in zip(parameters.items(), gradients, strict=True):
            parameter.grad = gradient
            self.tensors[f"{update}.gradient.{self._name(player, key)}"] = gradient.clone()
        self._optimizers[player].step()

    # State.

    def _initialise(self) -> None:
        for purpose, (player, network) in zip(Purpose, self.players.items()):
            for position, (key, parameter) in enumerate(network.named_parameters()):
                n = gan_random.normals(self.seed, purpose, position, parameter.numel())
                is_scale = key in ("layers.2.weight", "layers.4.weight")
                deviation = 1 if key in ("layers.0.weight",) and player == "generator" else 0.02
                deviation = 1 if "embedding" in key else deviation
                value = n * np.float32(deviation) + np.float32(is_scale)
                if key.endswith("bias"):
                    value = np.zeros_like(n)
                parameter.data = torch.from_numpy(value.reshape(parameter.shape).copy())
                owner = network.get_submodule(key.rpartition(".")[0])
                if key.endswith("weight") and hasattr(owner, "u"):
                    self._start_power(owner, position + (1 << 40))

    def _start_power(self, layer: nn.Module, stream: int) -> None:
        count = len(layer.u) + len(layer.v)
        drawn = gan_random.normals(self.seed, Purpose.SPECTRAL_VECTORS, stream, count)
        matrix = layer.weight.detach().double().flatten(1)
        v = torch.from_numpy(drawn[len(layer.u) :].copy()).double()
        for _ in range(15):
            u = normalize(matrix @ v, dim=0)
            v = normalize(matrix.T @ u, dim=0)
        layer.u, layer.v = u.float(), v.float()

    def _spoil(self) -> None:
        norm = self._discriminator.layers["4"]
        if self.fault == "another momentum":
            norm.momentum = 0.2
        norm.corrects = self.fault != "running variance that is biased"

    def _named(self, network: nn.Module) -> dict[str, Tensor]:
        player = next(name for name, each in self.players.items() if each is network)
        return {self._name(player, k): v.detach() for k, v in network.state_dict().items()}

    def _name(self, player: str, key: str) -> str:
        """The name in a trace of a tensor of a player."""
        key = key.removeprefix("layers.")
        place, _, last = key.rpartition(".")
        if player == "discriminator" and place != "4" and last != "bias":
            part = {"weight": "original", "u": "0._u", "v": "0._v"}[last]
            return f"{place}.parametrizations.weight.{part}"
        return key

    def _record(self, update: str, **values: Tensor) -> None:
        for key, value in values.items():
            self.tensors[f"{update}.{key}"] = value.detach().clone()

    def _record_networks(self, when: str) -> None:
        for player, network in self.players.items():
            for key, value in self._named(network).items():
                self.tensors[f"{when}.{player}.{key}"] = value.clone()


def _cross_entropy(logits: Tensor, label: int) -> Tensor:
    """Class 0 is what is real."""
    both = torch.hstack([logits, torch.zeros_like(logits)])
    return cross_entropy(both, torch.full((len(logits),), label))


def _spectral(layer: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "spectralNorm", "layer": layer}


def _norm(channels: int) -> dict[str, Any]:
    return {"kind": "batchNorm", "channels": channels, "epsilon": 1e-5, "momentum": 0.1}


NETWORKS = {
    "generator": {"inputShape": [LATENT_SIZE], "layers": [
        {"kind": "labelConcatenation", "classes": CLASSES, "shape": [CLASSES]},
        {"kind": "linear", "inputs": LATENT_SIZE + CLASSES, "outputs": 18, "bias": False},
        _norm(18), {"kind": "tanh"}, {"kind": "reshape", "shape": [2, 3, 3]},
        {"kind": "transposedConvolution", "inputs": 2, "outputs": 1, "window": 4, "stride": 2,
         "padding": 1, "outputPadding": 0, "bias": True},
        {"kind": "tanh"},
    ]},
    "discriminator": {"inputShape": [1, SIDE, SIDE], "layers": [
        _spectral({"kind": "convolution", "inputs": 1, "outputs": 4, "window": 4, "stride": 2,
                   "padding": 1, "bias": True}),
        {"kind": "leakyReLU", "slope": 0.2}, {"kind": "dropout", "probability": DROPOUT},
        _spectral({"kind": "convolution", "inputs": 4, "outputs": 4, "window": 3, "stride": 1,
                   "padding": 1, "bias": False}),
        _norm(4), {"kind": "tanh"}, {"kind": "reshape", "shape": [36]},
        _spectral({"kind": "projection", "inputs": 36, "classes": CLASSES}),
    ]},
}
