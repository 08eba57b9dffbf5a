#!/usr/bin/env python3
"""The training step of train_step_bench.cpp with open_clip_torch, on the same torch. Prints images per second.

Usage: peer_open_clip.py CONTEXT [SECONDS]   (needs open_clip_torch; torch may be the one in build/deps/python)
"""
import os
import sys
import time

import torch
from open_clip.loss import ClipLoss
from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg

context = int(sys.argv[1])
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 8.0
torch.set_num_threads(int(os.environ.get("LIX_BENCH_THREADS", torch.get_num_threads())))
torch.manual_seed(0)
batch = 128
model = CLIP(
    embed_dim=192,
    vision_cfg=CLIPVisionCfg(layers=6, width=192, head_width=64, patch_size=16, image_size=64),
    text_cfg=CLIPTextCfg(context_length=context, vocab_size=49408, width=192, heads=3, layers=4),
    quick_gelu=False,
)
loss_of = ClipLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
images = torch.randn(batch, 3, 64, 64)
ids = torch.randint(1, 49405, (batch, context))
ids[:, -1] = 49407


def step():
    image, text, scale = model(images, ids)[:3]
    loss = loss_of(image, text, scale)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss


step()
count, begin = 0, time.perf_counter()
while time.perf_counter() - begin < seconds:
    step()
    count += 1
print(f"{count * batch / (time.perf_counter() - begin):.1f}")
