#!/usr/bin/env bash
# Runs `lixp demo` with checkpoints of three steps and looks at what it wrote:  demo_test.sh <lixp> <temporary folder>
set -euo pipefail
lixp="$1"
work="$2"
rm -rf "$work"
mkdir -p "$work/models"
trap 'rm -rf "$work"' EXIT

fail() {
  echo "demo_test: $*" >&2
  exit 1
}
train() {  # <folder> <recipe> [option...]
  local folder="$1" recipe="$2"
  shift 2
  "$lixp" train "$recipe" --data emoji --steps 3 --batch 32 --workspace "$work/training" --out "$work/models/$folder" "$@" >"$work/log" 2>&1 ||
    fail "training of $folder: $(cat "$work/log")"
}

export LIX_MODELS="$work/models"
if "$lixp" demo --out "$work/demo" 2>"$work/log"; then
  fail "a demo without its checkpoints succeeded"
fi
grep -q "siglixp-tiny-emoji" "$work/log" || fail "the missing checkpoints are not named: $(cat "$work/log")"
[ ! -e "$work/demo" ] || fail "a demo that cannot begin left its folder"

train siglip-tiny-emoji siglip
train siglixp-tiny-emoji siglixp --init "$work/models/siglip-tiny-emoji"
train siglip-continued-tiny-emoji siglip --init "$work/models/siglip-tiny-emoji"
train llip16-tiny-emoji llip

mkdir "$work/other"
echo mine >"$work/other/file"
if "$lixp" demo --out "$work/other" --steps-scale 0.01 2>/dev/null; then
  fail "a folder of somebody else was taken"
fi
[ "$(ls "$work/other")" = file ] || fail "a refused folder was changed"

"$lixp" demo --out "$work/demo" --steps-scale 0.01 --json >"$work/out.json" 2>"$work/log" || fail "$(tail -5 "$work/log")"
report="$work/demo/report"
for file in index.html report.json figures/weights-wide-light.svg figures/maps-narrow-dark.svg figures/context-wide-dark.svg \
  figures/training-wide-light.svg figures/shipped-emoji-group-wide-light.svg figures/live-symbola-group-narrow-light.svg; do
  [ -s "$report/$file" ] || fail "no $file"
done
# Every drawing that the page names lies beside it, and no step of the few that were made is missing.
grep -o '"figures/[^"]*\.svg"' "$report/index.html" | tr -d '"' | while read -r file; do
  [ -s "$report/$file" ] || fail "the page names $file, which is not there"
done
grep -q "SigLIP continued" "$report/index.html" || fail "the control is not in the report"
grep -q '"differences"' "$work/out.json" || fail "the JSON has no differences"

# Again: nothing is trained or measured anew, and the numbers stay.
"$lixp" demo --out "$work/demo" --steps-scale 0.01 --json >"$work/again.json" 2>"$work/log" || fail "$(tail -5 "$work/log")"
if grep -q "^Training" "$work/log"; then
  fail "the second run trained again"
fi
diff <(grep -v '"seconds"' "$work/out.json") <(grep -v '"seconds"' "$work/again.json") >/dev/null || fail "the second run says other numbers"
if "$lixp" demo --out "$work/demo" --steps-scale 0.02 2>/dev/null; then
  fail "other options were taken for the same demo"
fi
echo "demo_test: passed"
