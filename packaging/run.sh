#!/usr/bin/env bash
# Sets up what is missing, builds, and opens the workbench (on the demo workspace at first, then on the last one):  ./packaging/run.sh [--cuda] [WORKSPACE]
# With no display it does the whole job on the command line instead (`lixp demo`: trains, post-trains, evaluates, inspects,
# and writes a report with pictures); options then go to `lixp demo` (see its --help).
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
bin="$here/../build/release/bin"
setup_options=()
if [[ "${1:-}" == --cuda ]]; then
  setup_options=(--cuda)
  shift
fi
"$here/setup.sh" "${setup_options[@]}"
if [[ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ]]; then
  "$here/build.sh" lixplorer lixp
  exec "$bin/lixplorer" "$@"
fi
"$here/build.sh" lixp
echo "run: there is no display (DISPLAY and WAYLAND_DISPLAY are not set), so this is lixp demo and not the window."
exec "$bin/lixp" demo "$@"
