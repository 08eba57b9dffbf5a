#!/usr/bin/env bash
# Sets up what is missing, builds, and does the whole job on real pictures:  ./packaging/run.sh [--cuda] [DEMO OPTION...]
# trains, post-trains, evaluates, inspects, and writes a report with pictures. Options go to `lixp demo` (see its --help).
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
setup_options=()
if [[ "${1:-}" == --cuda ]]; then
  setup_options=(--cuda)
  shift
fi
"$here/setup.sh" "${setup_options[@]}"
"$here/build.sh" lixp
exec "$here/../build/release/bin/lixp" demo "$@"
