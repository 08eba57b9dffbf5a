#!/usr/bin/env bash
# Adapters at size, and others on the same numbers, threads and OpenMP policy.   tests/bench/adapt.sh [CASE ...]
# PEER_PYTHONPATH: where numpy and faiss-cpu lie. The OpenBLAS inside faiss-cpu knows few processors and takes its
# slowest code on others; with AVX-512 it is told so, which is several times faster and the number to compare with.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bench=${LIX_ADAPT_BENCH:-$root/build/release/bench/lix_adapt_bench}
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-$(nproc)} OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}
export OPENBLAS_NUM_THREADS=$OMP_NUM_THREADS
if grep -qm1 avx512f /proc/cpuinfo; then
  export OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE-SKYLAKEX}
fi
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
for case in "${@:-knn tip search half protocol}"; do
  for one in $case; do
    "$bench" "$one" "$folder"
    case $one in
      knn | tip | search)
        PYTHONPATH=${PEER_PYTHONPATH:-} python3 "$root/tests/bench/peer_adapt.py" "$one" "$folder" || true ;;
    esac
  done
done
