"""Judges ONNX files by other programs.

    onnx_parity.py FOLDER [--reference] [--fidelity]

FOLDER/cases.json lists cases: a file, its inputs and the outputs expected of them, as .npy. Each file must
pass ONNX's checker in full, and ONNX Runtime must give those outputs, within 1e-5 of the greatest of them
(or of 1), in batches of 1, 7 and all. --reference asks ONNX's reference evaluator, too. --fidelity has
torch-fidelity load the files, which must be those of generators of bytes.
"""

import json
import pathlib
import sys
from unittest import mock

import numpy as np
import onnx
import onnxruntime

# Of images. Spectral norms, which discriminators divide by, are computed in double precision for the
# file and in single precision by us: their logits differ by more.
BOUND, LOGIT_BOUND = 1e-5, 1e-4


def error(got, expected):
    """The greatest difference; of bytes, 0 where they are those of images within the bound."""
    if got.dtype == np.uint8 and got.shape[0] == expected.shape[0]:
        wide = np.repeat(expected, 3 // expected.shape[1], axis=1).astype(np.float64)
        least, most = (
            np.floor(np.clip((wide + sign * BOUND + 1) / 2, 0, 1) * 255 + 0.5) for sign in (-1, 1)
        )
        return 0.0 if ((least <= got) & (got <= most)).all() else np.inf
    if got.shape != expected.shape or got.dtype != expected.dtype:
        return np.inf
    return float(np.abs(got - expected).max() / max(1.0, np.abs(expected).max()))


def batches(count):
    for size in (1, 7, count):
        yield size, range(0, count, size)


def worst_of_runtime(path, inputs, expected):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 2
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    worst = 0.0
    for size, starts in batches(len(expected)):
        for start in starts:
            part = {name: values[start : start + size] for name, values in inputs.items()}
            (got,) = session.run(None, part)
            worst = max(worst, error(got, expected[start : start + size]))
    return worst


def worst_of_reference(model, inputs, expected):
    from onnx.reference import ReferenceEvaluator

    evaluator = ReferenceEvaluator(model)
    (got,) = evaluator.run(None, {name: values[:3] for name, values in inputs.items()})
    return error(got, expected[:3])


def complaints_of_fidelity(path, inputs, expected):
    import torch

    # The package asks for it, its loader does not.
    for name in ("", ".transforms", ".transforms.functional", ".datasets"):
        sys.modules.setdefault(f"torchvision{name}", mock.MagicMock())
    from torch_fidelity.generative_model_onnx import GenerativeModelONNX

    latents = inputs["latents"]
    classes = int(inputs["labels"].max()) + 1 if "labels" in inputs else 0
    model = GenerativeModelONNX(path, latents.shape[1], "normal", classes)
    given = [torch.from_numpy(inputs[name]) for name in ("latents", "labels") if name in inputs]
    got = model(*given).cpu().numpy()
    if got.dtype != np.uint8 or got.shape[1:] != (3, *expected.shape[2:]):
        return [f"torch-fidelity gets {got.dtype} {got.shape}"]
    return [] if error(got, expected) == 0 else ["torch-fidelity gets other images"]


def complaints(folder, case, flags):
    path = str(folder / case["file"])
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    found = []
    if model.ir_version > 8 or model.opset_import[0].version > 17:
        found.append("a later format than 8, or later operations than 17")
    for node in model.graph.node:
        names = {attribute.name for attribute in node.attribute}
        if node.op_type.startswith("Random") or names & {"output_padding", "output_shape"}:
            found.append(f"{node.op_type} with {sorted(names)}")
    if any(value.type.tensor_type.shape.dim[0].dim_param != "batch" for value in model.graph.input):
        found.append("a batch of a fixed size")
    inputs = {name: np.load(folder / file) for name, file in case["inputs"].items()}
    if "labels" in inputs:
        inputs["labels"] = inputs["labels"].astype(np.int64)
    expected = np.load(folder / case["output"])
    element = model.graph.output[0].type.tensor_type.elem_type
    if (element == onnx.TensorProto.UINT8) != case["isOfBytes"]:
        found.append(f"elements of type {element}")
    if not case["isOfBytes"] and (ends := np.mean(np.abs(expected) == 1)) > 0.5:
        found.append(f"{ends:.0%} of the numbers are black or white, whatever led to them")
    bound = LOGIT_BOUND if model.graph.output[0].name == "logits" else BOUND
    figures = {"ONNX Runtime": worst_of_runtime(path, inputs, expected)}
    if "--reference" in flags:
        figures["reference"] = worst_of_reference(model, inputs, expected)
    found += [f"{who}: {figure}" for who, figure in figures.items() if not figure <= bound]
    if "--fidelity" in flags:
        found += complaints_of_fidelity(path, inputs, expected)
    kinds = sorted({node.op_type for node in model.graph.node})
    print(f"{case['name']}: {figures}, {len(model.graph.node)} operations: {' '.join(kinds)}")
    return [f"{case['name']}: {complaint}" for complaint in found]


def main():
    folder, flags = pathlib.Path(sys.argv[1]), sys.argv[2:]
    found = []
    for case in json.loads((folder / "cases.json").read_text()):
        try:
            found += complaints(folder, case, flags)
        except Exception as problem:  # Every case is to be heard of.
            found.append(f"{case['name']}: {type(problem).__name__}: {problem}")
    for complaint in found:
        print("FAULT", complaint)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
