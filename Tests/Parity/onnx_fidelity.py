"""Judges an ONNX generator by torch-fidelity's own loader: `onnx_fidelity.py MODEL.onnx Z_SIZE SAMPLES.npy`.

MODEL is written with `--uint8-rgb`; SAMPLES are images of the same generator in [-1, 1], `[N, C, H, W]`. The feature
extractor is a small one with fixed weights, so that nothing is downloaded. Exits 0 if torch-fidelity draws as
many images as asked, as bytes in three channels, and finds them as near to SAMPLES as samples of one
generator are to others of it, and far from noise.
"""

import sys
from types import ModuleType

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import TensorDataset


class Missing(ModuleType):
    """Stands in for torchvision, whose data sets and transforms are imported and never used here.

    No torchvision is built for the PyTorch release that the tests take.
    """

    __path__: list[str] = []

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


for path in (
    "torchvision", "torchvision.datasets", "torchvision.transforms",
    "torchvision.transforms.functional",
):
    sys.modules[path] = Missing(path)
    parent, _, child = path.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, sys.modules[path])

import torch_fidelity  # noqa: E402  (after what stands in)
from torch_fidelity.feature_extractor_base import FeatureExtractorBase  # noqa: E402
from torch_fidelity.registry import register_feature_extractor  # noqa: E402


class SmallFeatures(FeatureExtractorBase):
    """Random convolutions of seed 0."""

    def __init__(self, name: str, features_list: list[str], **_: object) -> None:
        super().__init__(name, features_list)
        generator = torch.Generator().manual_seed(0)
        self.layers = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(),
            nn.AdaptiveAvgPool2d(2), nn.Flatten(),
        )
        for parameter in self.layers.parameters():
            parameter.data = torch.randn(parameter.shape, generator=generator) / 4

    @staticmethod
    def get_provided_features_list() -> tuple[str, ...]:
        return ("128",)

    @staticmethod
    def get_default_feature_layer_for_metric(metric: str) -> str:
        return "128"

    @staticmethod
    def can_be_compiled() -> bool:
        return False

    @staticmethod
    def get_dummy_input_for_compile() -> Tensor:
        return torch.zeros([1, 3, 32, 32], dtype=torch.uint8)

    def forward(self, images: Tensor) -> tuple[Tensor]:
        assert images.dtype == torch.uint8 and images.shape[1] == 3, (images.dtype, images.shape)
        return (self.layers(images.float() / 127.5 - 1),)


class Images(TensorDataset):
    """Images as torch-fidelity takes them: one tensor an item."""

    def __getitem__(self, index: int) -> Tensor:
        return super().__getitem__(index)[0]


def main() -> None:
    """Compares the file with samples, and with noise."""
    model, z_size, samples = sys.argv[1], int(sys.argv[2]), np.load(sys.argv[3])
    register_feature_extractor("small", SmallFeatures)
    values = torch.from_numpy(samples)
    pixels = ((values + 1) * 127.5 + 0.5).clamp(0, 255).to(torch.uint8)
    noise = torch.randint(0, 256, pixels.shape, generator=torch.Generator().manual_seed(1))
    distances = {}
    for name, images in {"samples": pixels, "noise": noise.to(torch.uint8)}.items():
        metrics = torch_fidelity.calculate_metrics(
            input1=model, input1_model_z_type="normal", input1_model_z_size=z_size,
            input1_model_num_classes=0, input1_model_num_samples=len(samples),
            input2=Images(images.expand(-1, 3, -1, -1).contiguous()), feature_extractor="small",
            fid=True, kid=True, kid_subset_size=min(100, len(samples)), kid_subsets=10, cuda=False,
            batch_size=64, verbose=False, cache=False,
        )
        distances[name] = metrics[torch_fidelity.KEY_METRIC_FID]
        print(name, metrics)
        assert all(np.isfinite(value) for value in metrics.values()), metrics
    assert distances["samples"] < 0.1 * distances["noise"], distances


if __name__ == "__main__":
    main()
