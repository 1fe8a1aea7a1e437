"""Reads and writes IDX files, the format of MNIST, plain or compressed with gzip."""

import gzip
import struct
from pathlib import Path

import numpy as np

UINT8 = 0x08
TRAINING_IMAGES = "train-images-idx3-ubyte"
TRAINING_LABELS = "train-labels-idx1-ubyte"
GZIP_MAGIC = b"\x1f\x8b"


def read(path: Path) -> np.ndarray:
    """The bytes of an IDX file in the shape its header states; uint8 only."""
    content = path.read_bytes()
    if content[:2] == GZIP_MAGIC:
        content = gzip.decompress(content)
    zero, element_type, rank = struct.unpack_from(">HBB", content)
    if zero != 0 or element_type != UINT8:
        raise ValueError(f"{path}: not an IDX file of bytes, begins with {content[:4].hex()}")
    shape = struct.unpack_from(f">{rank}I", content, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def write(path: Path, values: np.ndarray) -> None:
    """Writes `values`, uint8 of any shape, as an uncompressed IDX file."""
    header = struct.pack(f">HBB{values.ndim}I", 0, UINT8, values.ndim, *values.shape)
    path.write_bytes(header + values.astype(np.uint8).tobytes())


def find(folder: Path, stem: str) -> Path:
    """The file `stem`, plain or `.gz`, in `folder` or in torchvision's layout below it."""
    places = [folder, folder / "raw", folder / "MNIST" / "raw"]
    candidates = [place / (stem + ending) for place in places for ending in ("", ".gz")]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise FileNotFoundError(f"{folder}: neither {stem} nor {stem}.gz, also not in MNIST/raw")
