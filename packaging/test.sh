#!/usr/bin/env bash
# Sets up what is missing, builds everything and passes the tests:  ./packaging/test.sh [--cuda] [CTEST OPTION...]
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$here/.."
setup_options=()
if [[ "${1:-}" == --cuda ]]; then
  setup_options=(--cuda)
  shift
fi

begin=$SECONDS
"$here/setup.sh" "${setup_options[@]}"
ready=$SECONDS
"$here/build.sh"
built=$SECONDS

# Files that include LibTorch are what a build waits for; ninja knows them from the compiler's own dependency files.
torch_units="$(ninja -C build/release -t deps 2>/dev/null | awk '
  /^[^ ].*: #deps / {counted = 0}
  /^ .*\/(ATen|c10|torch)\// {if (!counted) {++units; counted = 1}}
  END {print units + 0}')"
units="$(grep -c '"file":' build/release/compile_commands.json)"

echo "test: setup took $((ready - begin)) s, build $((built - ready)) s; $torch_units of $units translation units include LibTorch."
export OMP_WAIT_POLICY=passive OMP_NUM_THREADS=1 QT_QPA_PLATFORM=offscreen
exec ctest --preset release --parallel "$(nproc)" "$@"
