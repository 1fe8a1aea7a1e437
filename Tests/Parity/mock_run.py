"""Trains a small GAN in PyTorch, float32, and records what `gan trace` would.

It shares the random numbers and the file's format with a real trace but nothing with the replay's
arithmetic: PyTorch's own Adam, binary cross entropy and initialisation bounds are the judges of
the judge.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

import from_seed
import gan_random
from gan_random import Purpose

IMAGE_SIZE = 36
LATENT_SIZE = 6
ADAM = {"learningRate": 0.0002, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
HIDDEN_SIZE = 24


def make_images(count: int) -> np.ndarray:
    """Random stand-in images, uint8 `[count, 6, 6]`."""
    return np.random.default_rng(0).integers(0, 256, (count, 6, 6), dtype=np.uint8)


class MockRun:
    """A run of `steps` steps; `tensors` and `options` may be spoilt before `save`."""

    def __init__(
        self,
        images: np.ndarray,
        steps: int = 6,
        objective: str = "non-saturating",
        batch_size: int = 20,
        discriminator_steps: int = 1,
        penalties: tuple[str, ...] = (),
        interval: int = 1,
        seed: int = 2**63 + 12345,
    ) -> None:
        self.images, self.seed = images, seed
        self.options: dict[str, Any] = {
            "recipe": "tutorial", "objective": objective, "batchSize": batch_size, "seed": seed,
            "latentSize": LATENT_SIZE, "discriminatorSteps": discriminator_steps,
            "sharedLatents": False, "packing": 1, "datasetCount": len(images),
            "itemShape": [1, 6, 6], "classCount": 10, "conditioning": "none",
            "initialization": "pytorch", "horizontalFlip": False, "augmentation": [],
            "average": {"halfLife": 0, "rampUp": 0.05},
            "penalties": list(penalties),
            "penalty": {name: {"weight": 3, "interval": interval} for name in penalties},
            "optimizer": {"generator": ADAM, "discriminator": ADAM},
        }
        self.tensors: dict[str, Tensor] = {}
        self.networks = {"generator": _generator(), "discriminator": _discriminator()}
        self._optimizers = {
            name: torch.optim.Adam(network.parameters(), lr=ADAM["learningRate"])
            for name, network in self.networks.items()
        }
        self._initialise()
        self._record_parameters("initial")
        self._train(steps)
        self._record_parameters("final")

    def save(self, path: Path) -> None:
        """Writes the trace to `path`."""
        networks = {name: _description(network) for name, network in self.networks.items()}
        metadata = {
            "options": json.dumps(self.options),
            "networks": json.dumps(networks),
            "formatVersion": "1",
        }
        save_file(self.tensors, path, metadata)

    def _initialise(self) -> None:
        for purpose, network in zip(Purpose, self.networks.values()):
            fan_in = 1
            for position, parameter in enumerate(network.parameters()):
                if parameter.ndim == 2:
                    fan_in = parameter.shape[1]
                uniforms = gan_random.uniforms(self.seed, purpose, position, parameter.numel())
                values = (2 * uniforms - 1) * np.float32(1 / math.sqrt(fan_in))
                parameter.data = torch.from_numpy(values.reshape(parameter.shape).copy())

    def _train(self, steps: int) -> None:
        update_count = epoch = step = 0
        while step < steps:
            order = gan_random.permutation(
                self.seed, Purpose.EPOCH_ORDER, epoch, len(self.images)
            )
            for sizes in from_seed.steps_of_epoch(self.options, len(order)):
                if step == steps:
                    break
                for update, size in enumerate(sizes):
                    name = f"step.{step}.discriminator.{update}"
                    self._update_discriminator(name, order[:size], update_count)
                    order = order[size:]
                    update_count += 1
                self._update_generator(f"step.{step}.generator", sizes[-1], step)
                step += 1
            epoch += 1

    def _update_discriminator(self, update: str, rows: np.ndarray, number: int) -> None:
        real = torch.from_numpy((self.images[rows].astype(np.float32) / 255 - 0.5) / 0.5)
        latents = self._latents(Purpose.DISCRIMINATOR_LATENTS, number, len(rows))
        r = self.networks["discriminator"](real.flatten(1))
        f = self.networks["discriminator"](self.networks["generator"](latents).detach())
        loss = _cross_entropy(r, 1) + _cross_entropy(f, 0)
        for name in self.options["penalties"]:
            interval = self.options["penalty"][name]["interval"]
            if number % interval == 0:
                points = self._points(name, update, number, real.flatten(1), latents)
                norms = self._slopes(points).norm(dim=1)
                value = norms**2 / 2 if name in ("r1", "r2") else (norms - 1) ** 2
                term = self.options["penalty"][name]["weight"] * interval * value.mean()
                self._record(update, **{f"penalty.{name}": term})
                loss = loss + term
        self._record(update, real=real, latents=latents, loss=loss, realScore=_score(r),
                     fakeScore=_score(f))
        self._step("discriminator", update, loss)

    def _points(
        self, penalty: str, update: str, number: int, real: Tensor, latents: Tensor
    ) -> Tensor:
        """Where a penalty is taken; records the random numbers that decide it."""
        def uniform(role: str, purpose: Purpose, *shape: int) -> Tensor:
            values = gan_random.uniforms(self.seed, purpose, number, math.prod(shape))
            tensor = torch.from_numpy(values.reshape(shape).copy())
            self._record(update, **{role: tensor})
            return tensor

        generated = self.networks["generator"](latents).detach()
        match penalty:
            case "wgan-gp":
                e = uniform("interpolation", Purpose.PENALTY_INTERPOLATION, len(real), 1)
                return torch.lerp(generated, real, e)
            case "dragan":
                u = uniform("noise", Purpose.PENALTY_NOISE, *real.shape)
                a = uniform("scale", Purpose.PENALTY_SCALE, len(real), 1)
                return real + a * 0.5 * real.var(correction=0).sqrt() * u
        return real if penalty == "r1" else generated

    def _slopes(self, points: Tensor) -> Tensor:
        """The gradient of the logit at each point, point by point."""
        discriminator = self.networks["discriminator"]
        return torch.func.vmap(torch.func.grad(lambda point: discriminator(point)[0]))(points)

    def _update_generator(self, update: str, batch_size: int, number: int) -> None:
        latents = self._latents(Purpose.GENERATOR_LATENTS, number, batch_size)
        f = self.networks["discriminator"](self.networks["generator"](latents))
        saturating = self.options["objective"] == "minimax"
        loss = -_cross_entropy(f, 0) if saturating else _cross_entropy(f, 1)
        self._record(update, latents=latents, loss=loss, fakeScore=_score(f))
        self._step("generator", update, loss)

    def _step(self, player: str, update: str, loss: Tensor) -> None:
        parameters = dict(self.networks[player].named_parameters())
        gradients = torch.autograd.grad(loss, list(parameters.values()))
        for (key, parameter), gradient in zip(parameters.items(), gradients, strict=True):
            parameter.grad = gradient
            self.tensors[f"{update}.gradient.{key}"] = gradient.clone()
        self._optimizers[player].step()

    def _latents(self, purpose: Purpose, number: int, batch_size: int) -> Tensor:
        values = gan_random.normals(self.seed, purpose, number, batch_size * LATENT_SIZE)
        return torch.from_numpy(values.reshape(batch_size, LATENT_SIZE).copy())

    def _record(self, update: str, **values: Tensor) -> None:
        for key, value in values.items():
            self.tensors[f"{update}.{key}"] = value.detach().clone()

    def _record_parameters(self, when: str) -> None:
        for player, network in self.networks.items():
            for key, parameter in network.named_parameters():
                self.tensors[f"{when}.{player}.{key}"] = parameter.detach().clone()


def _generator() -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(LATENT_SIZE, HIDDEN_SIZE), nn.ReLU(), nn.Linear(HIDDEN_SIZE, IMAGE_SIZE),
        nn.Tanh(),
    )


def _discriminator() -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(IMAGE_SIZE, HIDDEN_SIZE), nn.LeakyReLU(0.2), nn.Linear(HIDDEN_SIZE, 1)
    )


def _description(network: nn.Sequential) -> dict[str, Any]:
    layers: list[dict[str, Any]] = []
    for layer in network:
        match layer:
            case nn.Linear():
                sizes = {"inputs": layer.in_features, "outputs": layer.out_features}
                layers.append({"kind": "linear", **sizes, "bias": True})
            case nn.LeakyReLU():
                layers.append({"kind": "leakyReLU", "slope": layer.negative_slope})
            case nn.ReLU():
                layers.append({"kind": "relu"})
            case nn.Tanh():
                layers.append({"kind": "tanh"})
    return {"inputShape": [network[0].in_features], "layers": layers}


def _cross_entropy(logits: Tensor, label: float) -> Tensor:
    return binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


def _score(logits: Tensor) -> Tensor:
    return torch.sigmoid(logits).mean()
