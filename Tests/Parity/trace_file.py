"""A file of `gan trace`, opened: its tensors by name, its options and its networks."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor

PLAYERS = ("generator", "discriminator")


class TraceError(Exception):
    """The trace is incomplete, or asks for something this replay does not know."""


class Trace:
    """The tensors of a trace in double precision; remembers which of them were read."""

    def __init__(self, path: Path) -> None:
        with safe_open(str(path), framework="pt") as file:
            metadata = file.metadata() or {}
            self._tensors = {name: file.get_tensor(name) for name in file.keys()}
        for key in ("options", "networks", "formatVersion"):
            if key not in metadata:
                raise TraceError(f"__metadata__ has no {key!r}, only {sorted(metadata)}")
        self.options: dict[str, Any] = json.loads(metadata["options"])
        self.networks: dict[str, Any] = json.loads(metadata["networks"])
        self._unread = set(self._tensors)

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def tensor(self, name: str) -> Tensor:
        """The tensor `name` as doubles; it must be there, as float32."""
        if name not in self._tensors:
            raise TraceError(f"{name}: missing")
        if self._tensors[name].dtype != torch.float32:
            raise TraceError(f"{name}: must be float32, is {self._tensors[name].dtype}")
        self._unread.discard(name)
        return self._tensors[name].double()

    def unread(self) -> list[str]:
        """Names nobody has asked for: the replay and the run disagree about what happens."""
        return sorted(self._unread)

    @property
    def seed(self) -> int:
        return int(self.options["seed"])

    @property
    def step_count(self) -> int:
        """Steps recorded; every step ends with its generator update."""
        return self._count(lambda step: f"step.{step}.generator.loss")

    def discriminator_update_count(self, step: int) -> int:
        """Discriminator updates inside `step`; the last step of an epoch may hold fewer."""
        return self._count(lambda update: f"step.{step}.discriminator.{update}.loss")

    def linear_sizes(self, player: str) -> tuple[int, ...]:
        """The sizes of a network's linear layers, from its inputs to its outputs."""
        layers = [x for x in self.networks[player]["layers"] if x["kind"] == "linear"]
        return (layers[0]["inputs"], *(layer["outputs"] for layer in layers))

    def latents(self, update: str) -> Tensor:
        """Latents `[batch, size]` of an update such as `step.3.generator`.

        With shared latents, a generator update without its own takes those of the last
        discriminator update of its step.
        """
        own = f"{update}.latents"
        if own not in self and self.options.get("sharedLatents") and update.endswith("generator"):
            step = int(update.split(".")[1])
            last = self.discriminator_update_count(step) - 1
            return self.tensor(f"step.{step}.discriminator.{last}.latents")
        return self.tensor(own)

    def _count(self, name: Callable[[int], str]) -> int:
        count = 0
        while name(count) in self:
            count += 1
        return count
