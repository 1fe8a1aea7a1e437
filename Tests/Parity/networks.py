"""Builds PyTorch networks from the layers a trace or a checkpoint describes."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from trace_file import TraceError

LAYERS: dict[str, Callable[[dict[str, Any]], nn.Module]] = {
    "linear": lambda layer: nn.Linear(
        layer["inputs"], layer["outputs"], bias=layer.get("bias", True), dtype=torch.float64
    ),
    "relu": lambda layer: nn.ReLU(),
    "leakyReLU": lambda layer: nn.LeakyReLU(layer["slope"]),
    "tanh": lambda layer: nn.Tanh(),
    "softplus": lambda layer: nn.Softplus(threshold=50),
}


def make_network(description: dict[str, Any]) -> nn.Sequential:
    """The described network in double precision; parameter names count activations."""
    unknown = {layer["kind"] for layer in description["layers"]} - LAYERS.keys()
    if unknown:
        raise TraceError(f"layers this replay does not know: {sorted(unknown)}")
    return nn.Sequential(*(LAYERS[layer["kind"]](layer) for layer in description["layers"]))
