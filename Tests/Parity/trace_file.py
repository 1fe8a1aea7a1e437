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

    def tensor(self, name: str, dtype: torch.dtype = torch.float64) -> Tensor:
        """The tensor `name` as doubles, which must be float32, or as the integers it must hold."""
        if name not in self._tensors:
            raise TraceError(f"{name}: missing")
        expected = torch.float32 if dtype.is_floating_point else dtype
        if self._tensors[name].dtype != expected:
            raise TraceError(f"{name}: must be {expected}, is {self._tensors[name].dtype}")
        self._unread.discard(name)
        return self._tensors[name].to(dtype)

    def labels(self, name: str) -> Tensor:
        """The classes `name`, int64 `[N]`, each among those that the run tells apart."""
        labels = self.tensor(name, torch.int64)
        classes = self.options["classCount"]
        if labels.numel() and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
            raise TraceError(f"{name}: must be from 0 to below {classes}, are {labels.tolist()}")
        return labels

    def names(self, prefix: str) -> list[str]:
        """What follows `prefix` in the names that begin with it."""
        names = (name for name in self._tensors if name.startswith(prefix))
        return sorted(name.removeprefix(prefix) for name in names)

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

    @property
    def shares_latents(self) -> bool:
        """Whether the generator learns from the images of the last discriminator update."""
        return bool(self.options["sharedLatents"])

    @property
    def is_told_classes(self) -> bool:
        """Whether a network looks at classes."""
        return self.options["conditioning"] != "none"

    def _count(self, name: Callable[[int], str]) -> int:
        count = 0
        while name(count) in self:
            count += 1
        return count
