#!/usr/bin/env python3
"""Are generated pictures nearer to those trained on than pictures that nobody trained on?

    python3 copying.py CLASSIFIER TRAINED HELD_OUT SAMPLES

CLASSIFIER is a file of features (docs/evaluation.md), TRAINED and HELD_OUT are folders of classes
with pictures of its size, SAMPLES is a .npy of `gan sample`. Distances from the nearest trained picture are
compared by Mann and Whitney's test, by features and by pixels: z is a standard normal without
copying, and far below 0 with it (after Meehan et al. 2020, without their cells).
"""

import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from scipy.stats import mannwhitneyu

from features import features_and_logits, load_networks


def pictures(folder):
    """uint8 [N, C, H, W], and the number of each one's class."""
    images, labels = [], []
    for label, kind in enumerate(sorted(Path(folder).iterdir())):
        for path in sorted(kind.iterdir()):
            images.append(np.asarray(Image.open(path).convert("RGB")).transpose(2, 0, 1))
            labels.append(label)
    return np.stack(images), np.array(labels)


def nearest(queries, base):
    """Distances from the nearest."""
    parts = torch.from_numpy(queries).split(500)
    return torch.cat([torch.cdist(part, torch.from_numpy(base)).amin(1) for part in parts]).numpy()


def main():
    classifier, trained, held_out, samples = sys.argv[1:]
    networks = load_networks(classifier)
    made = ((np.load(samples) + 1) * 127.5).round().clip(0, 255).astype(np.uint8)
    (trained, trained_labels), (held_out, held_out_labels) = pictures(trained), pictures(held_out)
    features = {}
    for name, images, labels in (
        ("trained", trained, trained_labels), ("held out", held_out, held_out_labels),
        ("made", made, None),
    ):
        features[name], logits = features_and_logits(networks, images)
        if labels is not None:
            print(f"{name}: {len(images)}, of which it knows {(logits.argmax(1) == labels).mean():.2%}")
    pixels = {
        name: images.reshape(len(images), -1).astype(np.float32) / 127.5
        for name, images in (("trained", trained), ("held out", held_out), ("made", made))
    }
    for name, values in (("features", features), ("pixels", pixels)):
        ours = nearest(values["made"], values["trained"])
        theirs = nearest(values["held out"], values["trained"])
        m, n = len(ours), len(theirs)
        u = mannwhitneyu(ours, theirs).statistic
        z = (u - m * n / 2) / np.sqrt(m * n * (m + n + 1) / 12)
        below = (ours < np.percentile(theirs, 1)).mean()
        print(f"{name}: z {z:.2f}; {below:.1%} below the nearest hundredth of those held out")


if __name__ == "__main__":
    main()
