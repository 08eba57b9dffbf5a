#!/usr/bin/env bash
# lupdate reads every visible text of the window without a warning: lupdate.sh <root of the sources>
# Exit status 77 (skipped) where lupdate is missing (package qt6-l10n-tools).
set -euo pipefail

root="$1"
lupdate="$(command -v lupdate6 || true)"
[[ -x /usr/lib/qt6/bin/lupdate ]] && lupdate=/usr/lib/qt6/bin/lupdate
if [[ -z "$lupdate" ]] || ! "$lupdate" -version >/dev/null 2>&1; then
  echo "translations: skipped, lupdate is missing; install qt6-l10n-tools."
  exit 77
fi
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
if ! "$lupdate" -silent -recursive "$root/app/lixplorer" "$root/widgets" -no-obsolete -ts "$folder/lixplorer_xx.ts" 2>"$folder/said"; then
  cat "$folder/said" >&2
  exit 1
fi
if [[ -s "$folder/said" ]]; then
  echo "translations: lupdate warns:" >&2
  cat "$folder/said" >&2
  exit 1
fi
count="$(grep -c '<source>' "$folder/lixplorer_xx.ts" || true)"
echo "translations: $count texts."
((count >= 500)) || { echo "translations: that are too few; texts must go through tr()." >&2; exit 1; }
# A context of a namespace alone means a tr() that belongs to no class: its texts are not found at run time.
if grep -E '<name>(lix|lix::app|lix::widgets)?</name>' "$folder/lixplorer_xx.ts" >&2; then
  echo "translations: texts above belong to no class; give them Q_DECLARE_TR_FUNCTIONS." >&2
  exit 1
fi
