#!/usr/bin/env bash
# Makes the pictures of docs/guide anew, from the real window on a demo workspace of its own:
#   packaging/make_guide_pictures.sh [FOLDER]     (docs/images; needs an X server or xvfb-run; LIX_BUILD names another build)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${LIX_BUILD:-$root/build/release}
out=${1:-$root/docs/images}
mkdir -p "$out"
cmake --build "$build" --target guide_pictures
run=("$build/tests/guide_pictures" "$out")
if [[ -z "${DISPLAY:-}" ]]; then
  run=(xvfb-run -a -s "-screen 0 1600x1000x24" "${run[@]}")
fi
QT_QPA_PLATFORM=xcb "${run[@]}"
for picture in "$out"/guide-*.png; do
  size=$(stat -c %s "$picture")
  if (( size > 150000 )); then
    echo "make_guide_pictures: $picture has $size bytes, more than 150 kB; show less in it." >&2
    exit 1
  fi
done
