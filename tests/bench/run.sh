#!/usr/bin/env bash
# The training step against open_clip_torch on the same torch, threads and OpenMP policy: in turn, ROUNDS times, with the
# ratio of the medians.   tests/bench/run.sh [ROUNDS]
# PEER_PYTHONPATH: where open_clip_torch lies and, first, the torch that this program was built with.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bench=${LIX_BENCH:-$root/build/release/bench/lix_bench}
rounds=${1:-3}
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive} LIX_BENCH_THREADS=${LIX_BENCH_THREADS:-$(nproc)}
export OMP_NUM_THREADS=$LIX_BENCH_THREADS
echo "threads $LIX_BENCH_THREADS, OMP_WAIT_POLICY $OMP_WAIT_POLICY; pictures per second"

ours() {
  "$bench" --benchmark_filter="trainStep/tokens:$1/" --benchmark_format=csv 2>/dev/null | awk -F, '/trainStep/ {printf "%.1f\n", $7}'
}
peer() {
  PYTHONPATH=${PEER_PYTHONPATH:-$root/build/deps/python} python3 "$root/tests/bench/peer_open_clip.py" "$1" | tail -n 1  # libraries may print before it
}
median() { sort -n | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }

for _ in $(seq "$rounds"); do
  ours 77 >>"${tmp:=$(mktemp -d)}/whole"
  peer 77 >>"$tmp/peer"
  ours 32 >>"$tmp/trimmed"
done
whole=$(median <"$tmp/whole") trimmed=$(median <"$tmp/trimmed") other=$(median <"$tmp/peer")
awk -v w="$whole" -v t="$trimmed" -v p="$other" 'BEGIN {
  printf "context 77: %.1f, open_clip %.1f, ratio %.2f\n", w, p, w / p
  printf "captions trimmed to 32 tokens: %.1f, open_clip at context 77 %.1f, ratio %.2f\n", t, p, t / p }'
rm -r "$tmp"
