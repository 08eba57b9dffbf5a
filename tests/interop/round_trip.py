#!/usr/bin/env python3
"""Here -> transformers and OpenCLIP -> here: token ids, pixels, unit vectors and logits of both sides, compared.

    python3 tests/interop/round_trip.py --lixp build/release/bin/lixp --models models [--checkpoint FOLDER]...

Needs torch, torchvision, transformers, open_clip_torch, safetensors, sentencepiece and pillow 13 in the interpreter that runs
it, and nothing from the network. A small CLIP and a SigLIP on timm's ViT (380 MB) are drawn here; models/siglip-tiny-emoji is a
trained SigLIP; --checkpoint adds folders, say of transformers or OpenCLIP; LIX_SHARED those of its parity kit. Each is imported, exported to every layout that
can hold it, loaded there by AutoModel, AutoTokenizer and AutoProcessor or open_clip.create_model_from_pretrained, read with the
captions and pictures that are made here, and imported again. Prints the greatest differences. Exit status: 0 all within the
tolerances, 1 not, 77 (a skipped test) where a package is missing.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", TOKENIZERS_PARALLELISM="false")
try:
    import numpy as np
    import open_clip
    import torch
    import transformers
    from PIL import Image
    from safetensors.numpy import load_file
except ImportError as problem:
    print(f"skipped: {problem}; install torch torchvision transformers open_clip_torch safetensors sentencepiece pillow")
    sys.exit(77)

transformers.utils.logging.disable_progress_bar()
HERE = pathlib.Path(__file__).resolve().parent
CAPTIONS = ["a red disc", "two green squares left of a star", "blue", "something that no picture here shows at all"]
ODD_CAPTIONS = ["A Red DISC!", "it's  2 spaces,   and 10 dots...", "x y " * 300]  # cleaning, white space, truncation
KIT = ["hf_clip", "hf_siglip", "hf_siglip2", "openclip_clip", "openclip_siglip"]
SIZES = [(97, 61), (40, 120), (33, 33), (300, 210), (64, 67)]
TOLERANCES = {"pixel_values": 2e-6, "input_ids": 0, "image_embeds": 1e-5, "text_embeds": 1e-5, "logits_per_image": 5e-4}


def draw_pictures(folder):
    rows = []
    for at, (width, height) in enumerate(SIZES):
        random = np.random.default_rng(at)
        coarse = Image.fromarray(random.integers(0, 256, (5, 6, 3), dtype=np.uint8)).resize((width, height), Image.Resampling.NEAREST)
        values = np.asarray(coarse, np.int32) + random.integers(-20, 21, (height, width, 3))
        rows.append(folder / f"{at}.png")
        Image.fromarray(values.clip(0, 255).astype(np.uint8)).save(rows[-1])
    return rows


def draw_clip(folder):
    """A small CLIP with the byte pairs of the fixtures, as transformers saves it."""
    torch.manual_seed(1)
    pairs = HERE.parent / "fixtures" / "nn" / "clip_bpe"
    tokenizer = transformers.CLIPTokenizer(vocab=str(pairs / "vocab.json"), merges=str(pairs / "merges.txt"), model_max_length=20)
    marks = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.eos_token_id}
    text = dict(hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4, vocab_size=len(tokenizer),
                max_position_embeddings=20, **marks)
    vision = dict(hidden_size=48, intermediate_size=112, num_hidden_layers=2, num_attention_heads=3, image_size=42, patch_size=14)
    config = transformers.CLIPConfig(text_config=text, vision_config=vision, projection_dim=40)
    transformers.CLIPModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    size = {"height": 42, "width": 42}
    transformers.CLIPImageProcessor(size={"shortest_edge": 42}, crop_size=size).save_pretrained(folder)


def unit(rows):
    rows = rows.detach().float()
    return (rows / rows.norm(dim=-1, keepdim=True)).numpy()


class Lixp:
    def __init__(self, program):
        self.program = program

    def run(self, *words):
        done = subprocess.run([self.program, *map(str, words)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"lixp {' '.join(map(str, words))}: {done.stdout}{done.stderr}".strip())
        return done.stdout

    def embed(self, checkpoint, pictures, captions):
        with tempfile.TemporaryDirectory() as folder:
            lines, out = pathlib.Path(folder, "captions.txt"), pathlib.Path(folder, "vectors.safetensors")
            lines.write_text("\n".join(captions) + "\n")
            self.run("embed", checkpoint, "--images", *pictures, "--captions", lines, "--inputs", "--out", out)
            return load_file(out)


def by_transformers(folder, pictures, captions, backend):
    model, loading = transformers.AutoModel.from_pretrained(folder, output_loading_info=True, attn_implementation="eager")
    if loading["missing_keys"] or loading["unexpected_keys"]:
        raise RuntimeError(f"AutoModel: missing {loading['missing_keys']}, unexpected {loading['unexpected_keys']}")
    length = model.config.text_config.max_position_embeddings
    images = [Image.open(file) for file in pictures]
    tokens = transformers.AutoTokenizer.from_pretrained(folder)(captions, padding="max_length", truncation=True, max_length=length,
                                                                return_tensors="pt")["input_ids"]
    pixels = transformers.AutoImageProcessor.from_pretrained(folder, backend=backend)(images, return_tensors="pt")["pixel_values"]
    both = transformers.AutoProcessor.from_pretrained(folder)(images=images, text=captions, padding="max_length", truncation=True,
                                                              max_length=length, return_tensors="pt")
    if not torch.equal(both["input_ids"], tokens) or both["pixel_values"].shape != pixels.shape:
        raise RuntimeError("AutoProcessor reads otherwise than AutoTokenizer and AutoImageProcessor")
    with torch.no_grad():
        out = model.eval()(input_ids=tokens, pixel_values=pixels)
    return {"pixel_values": pixels.numpy(), "input_ids": tokens.numpy(), "image_embeds": unit(out.image_embeds),
            "text_embeds": unit(out.text_embeds), "logits_per_image": out.logits_per_image.numpy()}


def by_open_clip(folder, pictures, captions, _):
    name = f"local-dir:{folder}"
    model, prepare = open_clip.create_model_from_pretrained(name)
    pixels = torch.stack([prepare(Image.open(file)) for file in pictures])
    tokens = open_clip.get_tokenizer(name)(captions)
    with torch.no_grad():
        images, texts = unit(model.eval().encode_image(pixels)), unit(model.encode_text(tokens))
        bias = 0.0 if model.logit_bias is None else float(model.logit_bias)
        logits = float(model.logit_scale.exp()) * images @ texts.T + bias
    return {"pixel_values": pixels.numpy(), "input_ids": tokens.numpy(), "image_embeds": images, "text_embeds": texts,
            "logits_per_image": logits}


def before_padding(ids):
    """CLIP's programs pad with different ids after the end of a caption, its greatest id; of other tokenizers nothing is left out."""
    ends = ids.argmax(axis=1)
    started = ids[:, 0] + 1 == ids.max(axis=1)  # begins with the id before the end's
    return np.where(started[:, None] & (np.arange(ids.shape[1]) > ends[:, None]), 0, ids)


class Comparison:
    def __init__(self):
        self.failed = []

    def fails(self, what, why):
        print(f"FAILED {what}: {why}", flush=True)
        self.failed.append(what)

    def compare(self, what, found, wanted, names=tuple(TOLERANCES)):
        said = []
        for name in names:
            one, other = found[name], wanted[name]
            if name == "input_ids" and one.shape == other.shape:
                one, other = before_padding(one), before_padding(other)
            if one.shape != other.shape:
                self.fails(what, f"{name} has shape {one.shape} here and {other.shape} there")
                return
            difference = float(np.abs(one.astype(np.float64) - other.astype(np.float64)).max())
            said.append(f"{name} {difference:.1e}")
            if not difference <= TOLERANCES[name]:
                self.fails(what, f"{name} differs by {difference:.2e}, more than {TOLERANCES[name]}")
        print(f"{what}: {', '.join(said)}", flush=True)


def travel(lixp, name, ours, pictures, layouts, comparison, work, backend="pil", optional=False):
    """A checkpoint of ours through other programs and back."""
    for layout in layouts:
        captions = CAPTIONS + (ODD_CAPTIONS if layout == "hf" and not list(ours.glob("bpe_*")) else [])  # OpenCLIP cleans otherwise
        what, there, back = f"{name} in {layout}", work / f"{name}-{layout}", work / f"{name}-{layout}-back"
        try:
            start = lixp.embed(ours, pictures, captions)
            try:
                said = lixp.run("export", ours, "--format", layout, "--out", there)
            except RuntimeError as refusal:
                if not optional:
                    raise
                print(f"{what}: not exported: {refusal}", flush=True)
                continue
            if "reads captions with its own" in said:
                print(f"{what}: not compared, OpenCLIP has another vocabulary", flush=True)
                continue
            theirs = (by_transformers if layout == "hf" else by_open_clip)(there, pictures, captions, backend)
            comparison.compare(what, start, theirs)
            lixp.run("import", there, "--out", back, *(["--kernel", backend] if backend == "torchvision" else []))
            again = lixp.embed(back, pictures, captions)
            comparison.compare(what + " and back", again, start, ("image_embeds", "text_embeds", "logits_per_image"))
        except Exception as problem:  # one layout that fails does not hide the others
            comparison.fails(what, f"{type(problem).__name__}: {problem}")


def draw_timm_siglip(folder, models):
    """A SigLIP on timm's smallest ViT of that kind with a short text tower, as OpenCLIP keeps it; its tokenizer is the trained one."""
    torch.manual_seed(2)
    trained = models / "siglip-tiny-emoji"
    vocabulary = json.loads((trained / "config.json").read_text())["text_config"]["vocab_size"]
    text = dict(context_length=16, vocab_size=vocabulary, hf_tokenizer_name="local", tokenizer_kwargs={"clean": "canonicalize"}, width=64,
                heads=2, layers=2, no_causal_mask=True, proj_bias=True, pool_type="last", norm_kwargs={"eps": 1e-6},
                act_kwargs={"approximate": "tanh"})
    vision = dict(image_size=256, timm_model_name="vit_base_patch32_siglip_256", timm_model_pretrained=False, timm_pool="map",
                  timm_proj="none")
    model = dict(embed_dim=768, init_logit_bias=-10, custom_text=True, vision_cfg=vision, text_cfg=text)
    prepare = dict(mean=[0.5] * 3, std=[0.5] * 3, interpolation="bicubic", resize_mode="squash")
    folder.mkdir()
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": model, "preprocess_cfg": prepare}))
    from open_clip.model import CustomTextCLIP
    from safetensors.torch import save_file

    keys = ("embed_dim", "init_logit_bias", "vision_cfg", "text_cfg")
    drawn = CustomTextCLIP(**{key: model[key] for key in keys})
    save_file({key: value.contiguous() for key, value in drawn.state_dict().items()}, folder / "open_clip_model.safetensors")
    for name in ("spiece.model", "tokenizer_config.json"):
        shutil.copy(trained / name, folder / name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lixp", required=True)
    parser.add_argument("--models", type=pathlib.Path, required=True)
    parser.add_argument("--checkpoint", type=pathlib.Path, action="append", default=[])
    order = parser.parse_args()
    lixp, comparison = Lixp(order.lixp), Comparison()
    shared = os.environ.get("LIX_SHARED")
    kit = [pathlib.Path(shared, "parity", name) for name in KIT] if shared else []
    print(f"transformers {transformers.__version__}, open_clip {open_clip.__version__}, torch {torch.__version__}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        pictures = draw_pictures(work)
        draw_clip(work / "clip-made")
        lixp.run("import", work / "clip-made", "--out", work / "clip")
        travel(lixp, "clip", work / "clip", pictures, ["hf", "open_clip"], comparison, work)
        lixp.run("import", work / "clip-made", "--kernel", "torchvision", "--out", work / "clip-fast")
        travel(lixp, "clip-fast", work / "clip-fast", pictures, ["hf"], comparison, work, "torchvision")
        travel(lixp, "siglip", order.models / "siglip-tiny-emoji", pictures, ["hf"], comparison, work)
        draw_timm_siglip(work / "timm-made", order.models)
        lixp.run("import", work / "timm-made", "--out", work / "timm")
        travel(lixp, "timm", work / "timm", pictures, ["open_clip", "hf"], comparison, work)
        for checkpoint in order.checkpoint + kit:
            lixp.run("import", checkpoint, "--out", work / checkpoint.name)
            travel(lixp, checkpoint.name, work / checkpoint.name, pictures, ["hf", "open_clip"], comparison, work, optional=True)
    print("all within the tolerances" if not comparison.failed else f"{len(comparison.failed)} comparisons failed")
    return 1 if comparison.failed else 0


if __name__ == "__main__":
    sys.exit(main())
