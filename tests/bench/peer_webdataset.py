#!/usr/bin/env python3
"""webdataset and Pillow on shards of 640 x 480 JPEGs, for webdataset.sh.

Usage: peer_webdataset.py make FOLDER PICTURES | whole FOLDER | small FOLDER   (needs webdataset, pillow, numpy)
`whole` decodes each picture, `small` also brings it to 224 x 224 by a bicubic filter; prints pictures per processor second.
"""
import io
import sys
import time
from pathlib import Path

try:
    import numpy as np
    import webdataset as wds
    from PIL import Image
except ImportError as missing:
    sys.exit(f"peer_webdataset.py: {missing.name} is not installed; no ratio.")

A_SHARD = 500


def make(folder, count):
    """Smooth random colours with some grain, which compress like photographs: about 70 KB each."""
    random = np.random.default_rng(1)
    with wds.ShardWriter(f"{folder}/%05d.tar", maxcount=A_SHARD, verbose=0) as shards:
        for i in range(count):
            rough = Image.fromarray(random.integers(0, 256, (30, 40, 3), np.uint8)).resize((640, 480), Image.BICUBIC)
            grain = random.normal(0, 6, (480, 640, 1))
            pixels = np.clip(np.asarray(rough) + grain, 0, 255).astype(np.uint8)
            file = io.BytesIO()
            Image.fromarray(pixels).save(file, "JPEG", quality=90)
            shards.write({"__key__": f"{i:09d}", "jpg": file.getvalue(), "txt": f"picture {i}"})


def read(folder, small):
    urls = sorted(str(path) for path in Path(folder).glob("*.tar"))
    pictures = wds.WebDataset(urls, shardshuffle=False).decode("pilrgb").to_tuple("jpg", "txt")
    count, start = 0, time.process_time()
    for picture, _ in pictures:
        if small:
            picture = picture.resize((224, 224), Image.BICUBIC)
        picture.load()
        count += 1
    print(f"{count / (time.process_time() - start):.1f}")


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]))
else:
    read(sys.argv[2], sys.argv[1] == "small")
