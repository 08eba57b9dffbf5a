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

card() {  # card NAME TITLE HOW: README.md of a checkpoint
  cat >"$root/models/$1-tiny-emoji/README.md" <<CARD
---
license: apache-2.0
tags: [lixplorer, contrastive, emoji]
---
# $2, tiny, emoji

$3

- **Architecture**: size preset \`tiny\` (\`models/tiny.json\`), weights in fp16; \`config.json\` says the rest.
- **Data**: the built-in dataset \`emoji\`, training split only: colour glyphs of Noto Color Emoji (SIL Open Font License 1.1)
  with names and keywords of Unicode CLDR in English and names in German (Unicode License). No skin-tone or gender
  variants, no flags. Validation and test pictures were never seen.
- **Settings**: batch 128, seed 0, two threads, everything else as the defaults of \`lixp train\`.
- **Made by**: \`packaging/make_models.sh\`, which makes it again from nothing.
- **For**: trying the program, teaching, tests. It knows emoji and nothing else; do not deploy it.
- **How good**: \`lixp eval few-shot models/$1-tiny-emoji --data emoji --labels group --workspace W\` measures it (\`lixp data add emoji --workspace W\` makes the workspace).
CARD
}

for name in siglip siglixp siglip-continued llip16; do
  from=$base/$name-tiny-emoji
  to=$root/models/$name-tiny-emoji
  mkdir -p "$to"
  for file in config.json model.safetensors preprocessor_config.json spiece.model tokenizer_config.json; do
    cp "$from/$file" "$to/$file"
  done
done
card siglip SigLIP "Trained from nothing for 900 steps with the recipe \`siglip\`."
card siglixp SigLIxP "Post-trained from \`siglip-tiny-emoji\` for 250 steps with the recipe \`siglixp\`, peak learning rate 3e-4. Its control is \`siglip-continued-tiny-emoji\`."
card siglip-continued "SigLIP, continued" "Continued from \`siglip-tiny-emoji\` for 250 steps with the recipe \`siglip\`, peak learning rate 3e-4: the same start, data, order, steps and rates as \`siglixp-tiny-emoji\`, whose control it is."
card llip16 "Llip with 16 mixture tokens" "Trained from nothing for 900 steps with the recipe \`llip\` (16 tokens, 8 heads, tau 2)."
du -sh "$root"/models/*/
