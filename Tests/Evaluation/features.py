"""A file of features (docs/evaluation.md) in PyTorch, single precision."""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Parity"))
from networks import make_network  # noqa: E402


def load_networks(path):
    """The network of features, and the classifier after it or None."""
    with safe_open(path, "pt") as file:
        described = json.loads(file.metadata()["networks"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    found = []
    for prefix in ("features", "classifier"):
        if prefix not in described:
            found.append(None)
            continue
        network = make_network(described[prefix]).float().eval()
        start = len(prefix) + 1
        network.load_state_dict(
            {name[start:]: value for name, value in tensors.items() if name.startswith(prefix + ".")}
        )
        found.append(network)
    return found


@torch.no_grad()
def features_and_logits(networks, images, batch=500):
    """Of uint8 images [N, C, H, W]: float32 arrays [N, features] and [N, classes]."""
    features, logits = [], []
    for first in range(0, len(images), batch):
        part = torch.from_numpy(images[first : first + batch]).float().div(255).sub(0.5).div(0.5)
        features.append(networks[0](part))
        if networks[1] is not None:
            logits.append(networks[1](features[-1]))
    return torch.cat(features).numpy(), torch.cat(logits).numpy() if logits else None


def read_idx_images(path):
    """The images of an IDX file, plain or gzip, uint8 [N, 1, H, W]."""
    import gzip

    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    count, height, width = (int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(3))
    return np.frombuffer(data, np.uint8, offset=16).reshape(count, 1, height, width)
