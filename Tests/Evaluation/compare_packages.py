#!/usr/bin/env python3
"""Compares gan evaluate, on MNIST's features, with the definitions and with packages.

    compare_packages.py GAN MNIST FEATURES [--count N]

GAN is the program, MNIST a folder with train-images-idx3-ubyte, FEATURES the classifier's file that
gan evaluate keeps in its cache. Real images, spoiled by noise, stand for a generator's. Needs
requirements.txt.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

import definitions as define
from features import features_and_logits, load_networks, read_idx_images

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Parity"))
import gan_random  # noqa: E402

METRICS = "frechet-distance,kid,precision,recall,density,coverage,clipped-density,clipped-coverage,"
METRICS += "p-precision,p-recall,rarity,classifier-score,vendi"


def evaluate(program, folder, real, generated, features, count):
    """What gan evaluate says."""
    np.save(folder / "real.npy", real)
    np.save(folder / "generated.npy", generated)
    command = [program, "evaluate", "generated.npy", "--against", "real.npy", "--json", "--quiet"]
    command += ["--features", str(Path(features).resolve()), "--metrics", METRICS]
    command += ["--sets", "1", "--count", str(count)]
    result = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE)
    metrics = json.loads(result.stdout)["results"][0]["metrics"]
    return {name: entry["value"] for name, entry in metrics.items()}


def by_definition(real, generated, logits):
    density, coverage = define.density_coverage(real, generated)
    precision, recall = define.precision_recall(real, generated)
    return {
        "frechet-distance": define.frechet_distance(real, generated),
        "kid": define.kernel_distance(real, generated) if len(real) <= 1000 else None,
        "precision": precision,
        "recall": recall,
        "density": density,
        "coverage": coverage,
        "clipped-density": define.clipped_density(real, generated),
        "clipped-coverage": define.clipped_coverage(real, generated),
        "p-precision": define.probabilistic(generated, real),
        "p-recall": define.probabilistic(real, generated),
        "rarity": define.rarity(real, generated),
        "classifier-score": define.classifier_score(logits)[0],
        "vendi": define.vendi(generated)[0],
    }


def by_packages(real, generated, logits):
    """Values by (metric, package)."""
    import torch
    from prdc import compute_prdc
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
    from torch_fidelity.metric_isc import isc_features_to_metric
    from torch_fidelity.metric_kid import kid_features_to_metric
    from torch_fidelity.metric_prc import prc_features_to_metric
    from torchmetrics.image.fid import _compute_fid
    from vendi_score import vendi

    tensors = torch.from_numpy(real), torch.from_numpy(generated)
    found = {}
    statistics = [fid_features_to_statistics(x) for x in tensors]
    found["frechet-distance", "torch-fidelity 0.4.0"] = fid_statistics_to_metric(
        *statistics, verbose=False
    )["frechet_inception_distance"]
    means = [x.double().mean(0) for x in tensors]
    covariances = [x.double().T.cov() for x in tensors]
    found["frechet-distance", "torchmetrics 1.9.0"] = _compute_fid(
        means[0], covariances[0], means[1], covariances[1]
    ).item()
    if len(real) <= 1000:
        kid = kid_features_to_metric(
            *tensors, kid_subsets=1, kid_subset_size=len(real), verbose=False
        )
        found["kid", "torch-fidelity 0.4.0"] = kid["kernel_inception_distance_mean"]
    manifold = compute_prdc(real.astype(float), generated.astype(float), nearest_k=5)
    for name in ("density", "coverage"):
        found[name, "prdc 0.2"] = manifold[name]
    found["precision, k = 5 and <", "prdc 0.2"] = manifold["precision"]
    # It takes the generated set first.
    prc = prc_features_to_metric(
        *tensors[::-1], prc_neighborhood=3, prc_batch_size=10_000, verbose=False
    )
    found["precision", "torch-fidelity 0.4.0"] = prc["precision"]
    found["recall", "torch-fidelity 0.4.0"] = prc["recall"]
    isc = isc_features_to_metric(torch.from_numpy(logits), splits=10, shuffle=False)
    found["classifier-score", "torch-fidelity 0.4.0"] = isc["inception_score_mean"]
    unit = generated / np.linalg.norm(generated, axis=1, keepdims=True)
    found["vendi", "vendi-score 0.0.3"] = vendi.score_dual(unit.astype(float), normalize=False)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("mnist")
    parser.add_argument("features")
    parser.add_argument("--count", type=int, default=1000)
    flags = parser.parse_args()
    warnings.simplefilter("ignore")
    count = flags.count
    images = read_idx_images(next(Path(flags.mnist).glob("train-images*")))
    pool = images[: 2 * count]
    noise = np.random.default_rng(0).normal(0, 25, (count,) + images.shape[1:])
    generated = np.clip(images[2 * count : 3 * count] + noise, 0, 255).round().astype(np.uint8)
    order = gan_random.permutation(0, gan_random.Purpose.EVALUATION_ORDER, 0, 2 * count)
    networks = load_networks(flags.features)
    real_features, _ = features_and_logits(networks, pool[order[:count]])
    features, logits = features_and_logits(networks, generated)
    with tempfile.TemporaryDirectory() as folder:
        ours = evaluate(
            str(Path(flags.program).resolve()), Path(folder), pool, generated, flags.features, count
        )
    doubles = real_features.astype(float), features.astype(float)
    expected = by_definition(*doubles, logits.astype(float))
    print(f"{'metric':24} {'gan':>14} {'definition':>14} {'relative':>10}")
    worst = 0.0
    for name, value in expected.items():
        if value is None or ours.get(name) is None:
            continue
        relative = abs(ours[name] - value) / abs(value)
        worst = max(worst, relative)
        print(f"{name:24} {ours[name]:14.8g} {value:14.8g} {relative:10.1e}")
    print()
    for (name, package), value in by_packages(real_features, features, logits).items():
        print(f"{name:24} {package:22} {value:14.8g}")
    # Features of this program and of PyTorch differ by roundings of single precision, which may move an
    # item over a rim.
    if worst > 5e-3:
        sys.exit(f"a value is {worst:.1e} from its definition")


if __name__ == "__main__":
    main()
