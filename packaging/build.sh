#!/usr/bin/env bash
# Configures and builds into build/release:  ./packaging/build.sh [TARGET...]   (default: everything, tests included)
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

# A file that includes LibTorch takes up to 1.5 GB to compile.
available_mb="$(awk '/^MemAvailable:/ {print int($2 / 1024)}' /proc/meminfo)"
jobs="$(nproc)"
if ((available_mb / 1500 < jobs)); then
  jobs=$((available_mb / 1500 > 0 ? available_mb / 1500 : 1))
fi

# With paths below the clone made relative, another clone of the same sources finds its objects in the cache.
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1

settings=()
if [[ -n "${LIX_TORCH_DIR:-}" ]]; then
  settings+=("-DLIX_TORCH_DIR=$LIX_TORCH_DIR")
fi
if [[ -n "${LIX_DEPS_DIR:-}" && -z "${LIX_TORCH_DIR:-}" ]]; then
  settings+=("-DLIX_TORCH_DIR=$LIX_DEPS_DIR/python/torch")
fi
cmake --preset release --log-level=NOTICE "${settings[@]}"
targets=()
if (($#)); then
  targets=(--target "$@")
fi
echo "build: $jobs jobs at a time into build/release ..."
cmake --build --preset release --parallel "$jobs" "${targets[@]}"
