#!/usr/bin/env bash
# Reading shards of 640 x 480 JPEGs with decoding, against webdataset and Pillow on the same shards, one thread each: in turn,
# ROUNDS times, pictures per processor second and the ratio of the medians.   tests/bench/webdataset.sh [ROUNDS [PICTURES]]
# PEER_PYTHON: the python of an environment with webdataset and pillow; without it nothing is compared.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bench=${LIX_SHARD_BENCH:-$root/build/release/bench/lix_shard_bench}
rounds=${1:-3} pictures=${2:-2000}
if [ -z "${PEER_PYTHON:-}" ] || ! "$PEER_PYTHON" -c 'import webdataset, PIL' 2>/dev/null; then
  echo "PEER_PYTHON names no python with webdataset and pillow: nothing is compared."
  exit 0
fi
tmp=$(mktemp -d)
trap 'rm -r "$tmp"' EXIT
mkdir "$tmp/shards"
peer() { "$PEER_PYTHON" "$root/tests/bench/peer_webdataset.py" "$@" 2>/dev/null; }
median() { sort -n | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
peer make "$tmp/shards" "$pictures"
for _ in $(seq "$rounds"); do
  for what in whole small; do
    "$bench" "$what" "$tmp/shards" >>"$tmp/ours.$what"
    peer "$what" "$tmp/shards" >>"$tmp/peer.$what"
  done
done
for what in whole small; do
  awk -v w="$what" -v o="$(median <"$tmp/ours.$what")" -v p="$(median <"$tmp/peer.$what")" 'BEGIN {
    printf "%s: %.0f pictures/s a core, webdataset and Pillow %.0f, ratio %.2f\n", w, o, p, o / p }'
done
