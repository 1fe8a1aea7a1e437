"""Has Pillow read animations and compares every frame.

    animation_frames.py FRAMES.npy MILLISECONDS FILE ...

FRAMES.npy holds the samples expected, float32 [N, H, W, C]; MILLISECONDS how long all of them are shown. Of a GIF in
colour only frames near the expected ones are wanted: it has few colours.
"""

import sys

import numpy as np
from PIL import Image, ImageSequence


def complaints(path, expected, milliseconds):
    with Image.open(path) as film:
        mode = "RGB" if expected.shape[-1] == 3 else "L"
        frames, total = [], 0
        for frame in ImageSequence.Iterator(film):
            frames.append(np.asarray(frame.convert(mode)).reshape(expected.shape[1:]))
            total += frame.info["duration"]
        loops = film.info.get("loop")
    if len(frames) != len(expected):
        yield f"{len(frames)} frames of {len(expected)}"
        return
    bound = 27 if path.endswith(".gif") and mode == "RGB" else 0
    for number, (got, wanted) in enumerate(zip(frames, expected)):
        apart = np.abs(got.astype(int) - wanted.astype(int)).max()
        if apart > bound:
            yield f"frame {number} is {apart} apart"
    # Frames that share a second unevenly are rounded, all together are not.
    if abs(total - milliseconds) > 10:
        yield f"{total} ms instead of {milliseconds}"
    if loops != 0:
        yield f"loops {loops} times"


def main():
    expected, milliseconds = np.load(sys.argv[1]), float(sys.argv[2])
    found = [f"{path}: {text}" for path in sys.argv[3:] for text in complaints(path, expected, milliseconds)]
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
