"""The peer of `gan serve`: a generator served by FastAPI and eager PyTorch, an image a request.

Started by `serving.py`: `uvicorn served_by_pytorch:app --workers N`, with GAN_GENERATOR, a file that gan wrote.
"""

import io
import json
import os

import torch
from fastapi import FastAPI, Response
from PIL import Image
from safetensors import safe_open
from torch import nn

torch.set_num_threads(1)


def layer(entry: dict) -> nn.Module:
    """A layer of ours as PyTorch has it; those of the tutorial's generator and of dcgan-28."""
    match entry["kind"]:
        case "linear":
            return nn.Linear(entry["inputs"], entry["outputs"], bias=entry["bias"])
        case "transposedConvolution":
            return nn.ConvTranspose2d(
                entry["inputs"], entry["outputs"], entry["window"], entry["stride"],
                entry["padding"], bias=entry["bias"],
            )
        case "batchNorm":
            return nn.BatchNorm2d(entry["channels"], eps=entry["epsilon"])
        case "relu":
            return nn.ReLU()
        case "leakyReLU":
            return nn.LeakyReLU(entry["slope"])
        case "tanh":
            return nn.Tanh()
        case "reshape":
            return nn.Unflatten(1, entry["shape"])
        case kind:
            raise ValueError(f"no layer {kind} here")


def load(path: str) -> tuple[nn.Sequential, int, list[int]]:
    """The generator in a file, its latents' size, and the shape of its images."""
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        network = json.loads(metadata["networks"])["generator"]
        model = nn.Sequential(*[layer(entry) for entry in network["layers"]])
        model.load_state_dict({name: file.get_tensor(name) for name in file.keys()})
    return model.eval(), network["inputShape"][0], json.loads(metadata["options"])["itemShape"]


model, latent_size, shape = load(os.environ["GAN_GENERATOR"])
app = FastAPI()


@app.get("/sample")
def sample(seed: int = 0) -> Response:
    """The image of a seed, as PNG."""
    latents = torch.randn(1, latent_size, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        image = model(latents).reshape(shape)
        pixels = ((image + 1) * 127.5 + 0.5).clamp(0, 255).to(torch.uint8)
    array = pixels[0].numpy() if shape[0] == 1 else pixels.permute(1, 2, 0).contiguous().numpy()
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "PNG", compress_level=6)
    return Response(buffer.getvalue(), media_type="image/png")
