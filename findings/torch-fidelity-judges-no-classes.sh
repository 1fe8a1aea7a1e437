#!/usr/bin/env bash
# torch-fidelity 0.4.0 judges no class-conditional generator beside NumPy 1.24 or later.
#
# It takes a generator as ONNX or as a module, with the number of its classes, and draws a label for each sample
# as `np.int`, a name that NumPy removed in 1.24 (December 2022). Its own requirements set no upper bound, so
# every fresh installation ends there with an AttributeError, before the generator is asked for anything;
# the same generator without classes is judged. Seen with torch-fidelity 0.4.0, NumPy 2.3.5, PyTorch 2.13.0.
#
# For users of gan: export a conditional generator's samples as pictures and judge the folder
# (docs/export.md says so).
#
# Exits 0 where it is still so. Installs into a temporary folder.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numpy==2.3.5 torch==2.13.0 scipy==1.16.3 tqdm==4.67.1 \
  requests==2.32.5 Pillow==12.0.0
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps torch-fidelity==0.4.0

"$folder/venv/bin/python3" - <<'PYTHON'
import sys
from types import ModuleType

import torch


class Unused(ModuleType):
    """torchvision's names, which are imported and not used here: no torchvision is built for this PyTorch."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


for path in ("torchvision", "torchvision.datasets", "torchvision.transforms", "torchvision.transforms.functional"):
    sys.modules[path] = Unused(path)
    parent, _, child = path.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, sys.modules[path])

import torch_fidelity
from torch_fidelity.feature_extractor_base import FeatureExtractorBase
from torch_fidelity.registry import register_feature_extractor


class Means(FeatureExtractorBase):
    """The mean of each channel: features that need no download."""

    def __init__(self, name, features_list, **_):
        super().__init__(name, features_list)

    @staticmethod
    def get_provided_features_list():
        return ("means",)

    def forward(self, images):
        return (images.float().mean(dim=(2, 3)),)


class Gray(torch.nn.Module):
    """A generator whose latents say how light an image is; labels, where it gets them, say nothing."""

    def forward(self, latents, labels=None):
        light = (latents[:, :1, None, None] * 20 + 128).clamp(0, 255)
        return light.expand(-1, 3, 8, 8).to(torch.uint8)


register_feature_extractor("means", Means)


def judge(classes):
    generator = torch_fidelity.GenerativeModelModuleWrapper(Gray(), 4, "normal", classes)
    return torch_fidelity.calculate_metrics(
        input1=generator, input1_model_num_samples=64, input2=Ramp(),
        fid=True, feature_extractor="means", feature_layer_fid="means", batch_size=32, cuda=False,
        verbose=False, cache=False)


class Ramp(torch.utils.data.Dataset):
    """Images from dark to light."""

    def __len__(self):
        return 64

    def __getitem__(self, index):
        return torch.full((3, 8, 8), 96 + index, dtype=torch.uint8)


print("without classes:", judge(0))
try:
    print("with ten classes:", judge(10))
except AttributeError as error:
    print("with ten classes:", error.args[0].splitlines()[0])
    sys.exit(0 if "has no attribute 'int'" in error.args[0] else 1)
sys.exit("conditional generators are judged now")
PYTHON
