"""Stand-ins for the four things the tutorial takes from torchvision.

No torchvision is built for the PyTorch release measured here. These do, item by item and in the
same order, the work torchvision's MNIST, ToTensor, Normalize and save_image do, so that the data
loader costs what it costs; they support nothing else.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests" / "Parity"))

import idx_files  # noqa: E402  (found through the path above)

Transform = Callable[..., object]


class MNIST(Dataset):
    """The training set: each item becomes a PIL image, then goes through the transforms."""

    def __init__(self, folder: Path, transforms: list[Transform]) -> None:
        self._transforms = transforms
        images = idx_files.read(idx_files.find(folder, idx_files.TRAINING_IMAGES))
        labels = idx_files.read(idx_files.find(folder, idx_files.TRAINING_LABELS))
        self._images = torch.from_numpy(images.copy())
        self._labels = torch.from_numpy(labels.astype(np.int64))

    def __len__(self) -> int:
        return len(self._images)

    def __getitem__(self, index: int) -> tuple[object, int]:
        item: object = Image.fromarray(self._images[index].numpy())
        label = int(self._labels[index])
        for transform in self._transforms:
            item = transform(item)
        return item, label


class ToTensor:
    """A grey PIL image as float32 `[1, height, width]` in [0, 1]."""

    def __call__(self, picture: Image.Image) -> Tensor:
        image = torch.from_numpy(np.array(picture, np.uint8, copy=True))
        image = image.view(picture.size[1], picture.size[0], 1)
        image = image.permute((2, 0, 1)).contiguous()
        return image.to(dtype=torch.get_default_dtype()).div(255)


class Normalize:
    """`(image - mean) / std` on a copy of the image."""

    def __init__(self, mean: list[float], std: list[float]) -> None:
        self._mean, self._std = mean, std

    def __call__(self, image: Tensor) -> Tensor:
        image = image.clone()
        mean = torch.as_tensor(self._mean, dtype=image.dtype, device=image.device)
        std = torch.as_tensor(self._std, dtype=image.dtype, device=image.device)
        if (std == 0).any():
            raise ValueError("a standard deviation is 0")
        return image.sub_(mean.view(-1, 1, 1)).div_(std.view(-1, 1, 1))


def save_image(images: Tensor, path: Path, per_row: int = 8, padding: int = 2) -> None:
    """Writes `[count, 1, height, width]` in [0, 1] as a grid, a PNG in three equal channels."""
    images = torch.cat((images, images, images), 1)
    count, _, height, width = images.shape
    columns = min(per_row, count)
    rows = -(-count // columns)
    height, width = height + padding, width + padding
    grid = images.new_full((3, height * rows + padding, width * columns + padding), 0.0)
    for index, image in enumerate(images):
        top = index // columns * height + padding
        left = index % columns * width + padding
        cell = grid.narrow(1, top, height - padding).narrow(2, left, width - padding)
        cell.copy_(image)
    pixels = grid.mul(255).add_(0.5).clamp_(0, 255).permute(1, 2, 0).to("cpu", torch.uint8)
    Image.fromarray(pixels.numpy()).save(path)
