#!/bin/sh
# Fuzzes every reader for SECONDS each (300 unless told) under AddressSanitizer and UndefinedBehaviorSanitizer, or only the
# targets that are named:   tests/fuzz/run.sh [SECONDS] [TARGET...]
# Needs clang++-19 and libclang-rt-19-dev. What is found stays in build/fuzz/found/; new inputs in build/fuzz/corpus/.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-300}
[ $# -gt 0 ] && shift
cmake --preset fuzz > /dev/null
cmake --build build/fuzz --target fuzz
[ $# -gt 0 ] || set -- $(ls tests/fuzz/corpus)
mkdir -p build/fuzz/found
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=0:max_allocation_size_mb=1024
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
failed=
for target; do
  mkdir -p "build/fuzz/corpus/$target"
  echo "== $target"
  "build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=3072 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/found/$target-" "build/fuzz/corpus/$target" "tests/fuzz/corpus/$target" \
    > "build/fuzz/$target.log" 2>&1 || failed="$failed $target"
  grep -E "stat::(number_of_executed_units|peak_rss_mb)|SUMMARY|broken promise" "build/fuzz/$target.log" || true
done
[ -z "$failed" ] || { echo "failed:$failed (see build/fuzz/TARGET.log)"; exit 1; }
echo "clean: $*"
