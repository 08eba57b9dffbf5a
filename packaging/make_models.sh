#!/usr/bin/env bash
# Trains the four checkpoints of models/ from nothing (about half an hour on two cores) and writes them with their cards.
# Usage: packaging/make_models.sh [WORKSPACE]     (needs build/release/bin/lixp; LIXP names another)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
lixp=${LIXP:-$root/build/release/bin/lixp}
work=${1:-$root/build/models}
common=(--data emoji --batch 128 --seed 0 --threads 2 --half-weights --workspace "$work")
base=$work/checkpoints

leg() {  # leg NAME ARGUMENTS...: trains, or goes on where an earlier call was cut off
  local out=$base/$1
  shift
  if [ -e "$out" ]; then
    "$lixp" train --resume "$out" --workspace "$work"
  else
    "$lixp" train "$@" "${common[@]}" --out "$out"
  fi
}

leg siglip-tiny-emoji siglip --steps 900
# Post-training and its control: same start, data, order, steps, rates.
leg siglixp-tiny-emoji siglixp --init "$base/siglip-tiny-emoji" --steps 250 --learning-rate 3e-4
leg siglip-continued-tiny-emoji siglip --init "$base/siglip-tiny-emoji" --steps 250 --learning-rate 3e-4
leg llip16-tiny-emoji llip --steps 900

for name in siglip siglixp siglip-continued llip16; do
  from=$base/$name-tiny-emoji
  to=$root/models/$name-tiny-emoji
  mkdir -p "$to"
  for file in config.json model.safetensors preprocessor_config.json spiece.model tokenizer_config.json; do
    cp "$from/$file" "$to/$file"
  done
done
du -sh "$root"/models/*/
