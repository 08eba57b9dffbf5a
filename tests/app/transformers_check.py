#!/usr/bin/env python3
"""Checks by hand that a checkpoint written by lixp is one for Hugging Face transformers: same embeddings, same logits.

Not part of the tests, since it needs transformers, which the project does not. In a throw-away environment:

    python3 -m venv /tmp/hf && /tmp/hf/bin/pip install torch transformers pillow sentencepiece protobuf numpy
    /tmp/hf/bin/python tests/app/transformers_check.py build/release/bin/lixp CHECKPOINT PICTURE...

CHECKPOINT is a folder of the recipes siglip, siglixp, clip or clipxp (a Llip has tokens that transformers does not know).
The captions are made here. Preprocessing follows preprocessor_config.json with Pillow, tokens come from spiece.model by
sentencepiece itself. Prints the greatest differences; exit status 1 where one exceeds 2e-5 (logits: 2e-3).
"""
import json
import pathlib
import re
import string
import subprocess
import sys
import tempfile

import numpy as np
import sentencepiece
import torch
import transformers
from PIL import Image
from safetensors.numpy import load_file

CAPTIONS = ["a red disc", "Two green squares, left of a star!", "blue", "something that no picture here shows at all"]


def pixels(checkpoint, files):
    config = json.loads((checkpoint / "preprocessor_config.json").read_text())
    size, rows = config["size"], []
    for file in files:
        picture = Image.open(file).convert("RGB")
        if "height" in size:
            picture = picture.resize((size["width"], size["height"]), Image.Resampling(config["resample"]))
        else:
            side, (width, height) = size["shortest_edge"], picture.size
            scale = side / min(width, height)
            picture = picture.resize((int(width * scale), int(height * scale)), Image.Resampling(config["resample"]))
            left, top = (picture.width - side) // 2, (picture.height - side) // 2
            picture = picture.crop((left, top, left + side, top + side))
        values = np.asarray(picture, np.float32) / 255
        values = (values - np.float32(config["image_mean"])) / np.float32(config["image_std"])
        rows.append(values.transpose(2, 0, 1))
    return torch.from_numpy(np.stack(rows).astype(np.float32))


def tokens(checkpoint, length):
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(checkpoint / "spiece.model"))
    rows = []
    for caption in CAPTIONS:
        text = re.sub(r"\s+", " ", caption.lower().translate(str.maketrans("", "", string.punctuation))).strip()
        ids = pieces.encode(text)[: length - 1] + [1]
        rows.append(ids + [1] * (length - len(ids)))
    return torch.tensor(rows)


def theirs(checkpoint, files):
    kind = json.loads((checkpoint / "config.json").read_text())["model_type"]
    model_class = {"siglip": transformers.SiglipModel, "clip": transformers.CLIPModel}[kind]
    model, loading = model_class.from_pretrained(checkpoint, output_loading_info=True, attn_implementation="eager")
    print(model_class.__name__, "missing", sorted(loading["missing_keys"]), "unexpected", sorted(loading["unexpected_keys"]))
    ids = tokens(checkpoint, model.config.text_config.max_position_embeddings)
    with torch.no_grad():
        out = model.eval()(input_ids=ids, pixel_values=pixels(checkpoint, files))
    unit = lambda x: x / x.norm(dim=-1, keepdim=True)
    return {"image_embeds": unit(out.image_embeds), "text_embeds": unit(out.text_embeds), "logits_per_image": out.logits_per_image}


def ours(lixp, checkpoint, files):
    with tempfile.TemporaryDirectory() as folder:
        captions, out = pathlib.Path(folder, "captions.txt"), pathlib.Path(folder, "embeds.safetensors")
        captions.write_text("\n".join(CAPTIONS) + "\n")
        subprocess.run([lixp, "embed", checkpoint, "--images", *files, "--captions", captions, "--out", out], check=True,
                       stdout=subprocess.DEVNULL)
        return load_file(out)


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    lixp, checkpoint, files = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    expected, found, failed = theirs(checkpoint, files), ours(lixp, checkpoint, files), False
    for name, value in expected.items():
        difference = np.abs(value.numpy() - found[name]).max()
        failed |= not difference <= (2e-3 if name == "logits_per_image" else 2e-5)
        print(f"{name:18} {tuple(value.shape)} greatest difference {difference:.2e}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
