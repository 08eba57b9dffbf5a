#!/usr/bin/env bash
# setup_test.sh CASE: one test of the scripts in packaging/. The machine's package database is replaced by scripts in front
# of PATH, so that nothing is installed and the outcome does not depend on what is.
# shellcheck disable=SC2016  # programs in quotes are expanded when they run
# shellcheck disable=SC2154  # $packages comes from setup.sh
set -euo pipefail

source_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
mkdir -p "$scratch/clone/packaging" "$scratch/bin"
cp "$source_root"/packaging/*.sh "$scratch/clone/packaging/"
chmod -R a+rX "$scratch"
setup="$scratch/clone/packaging/setup.sh"
deps="$scratch/clone/build/deps"

# command NAME: standard input becomes a program of that name that is found first.
command_is() {
  { echo '#!/bin/sh' && cat; } >"$scratch/bin/$1"
  chmod 755 "$scratch/bin/$1"
}

nothing_installed() {
  command_is dpkg-query <<<'exit 0'
  command_is apt-cache <<<'shift 2; for name; do echo "Package: $name"; done'
}

everything_installed() {
  sed -n '/^packages=(/,/)$/p' "$setup" >"$scratch/packages"
  # shellcheck disable=SC1091
  source "$scratch/packages"
  printf 'installed %s\n' "${packages[@]%%|*}" >"$scratch/installed"
  command_is dpkg-query <<<"cat '$scratch/installed'"
}

torch_in_place() {
  mkdir -p "$deps/python/torch" "$deps/include/CLI" "$deps/include/nlohmann" "$deps/include/gloo"
  touch "$deps/include/CLI/CLI.hpp" "$deps/include/nlohmann/json.hpp" "$deps/include/gloo/context.h"
  sed -n 's/^torch_version=/torch /p' "$setup" >"$deps/python/.lix-setup"
}

# expect CODE COMMAND...: runs it without a terminal and keeps everything it says in $said.
said=""
expect() {
  local code="$1" got=0
  shift
  said="$(env -u LIX_TORCH_DIR -u LIX_DEPS_DIR PATH="$scratch/bin:$PATH" "$@" 2>&1 </dev/null)" || got=$?
  [[ "$got" == "$code" ]] || fail "exit code $got instead of $code"
}

fail() {
  printf 'FAILED: %s\n--- it said:\n%s\n' "$*" "$said" >&2
  exit 1
}

says() { [[ "$said" == *"$1"* ]] || fail "'$1' is not said"; }
says_not() { [[ "$said" != *"$1"* ]] || fail "'$1' is said"; }

syntax() {
  local script
  for script in "$source_root"/packaging/*.sh "$source_root/.ci/run" "${BASH_SOURCE[0]}"; do
    bash -n "$script"
    if command -v shellcheck >/dev/null; then
      shellcheck "$script"
    fi
  done
}

offline_lists() {
  nothing_installed
  expect 1 env LIX_OFFLINE=1 bash "$setup"
  says "LIX_OFFLINE=1 forbids"
  says "g++"
  says "fonts-symbola"
  says "torch==2.11.0"
  says "GB to download"
  [[ ! -e "$scratch/clone/build" ]] || fail "something was made although nothing may be fetched"
}

offline_complete() {
  everything_installed
  torch_in_place
  expect 0 env LIX_OFFLINE=1 bash "$setup"
  [[ -z "$said" ]] || fail "a complete machine needs no words"
  rm "$deps/include/CLI/CLI.hpp" && sed -i '/fonts-symbola/d' "$scratch/installed"
  command_is apt-cache <<<'exit 100'
  expect 1 env LIX_OFFLINE=1 bash "$setup"
  says "the packages fonts-symbola;"
  says_not "torch=="
}

offline_cut_off() {
  everything_installed
  torch_in_place
  rm "$deps/python/.lix-setup"
  expect 1 env LIX_OFFLINE=1 bash "$setup"
  says "LibTorch 2.11.0 is missing"
  says_not "the packages"
  expect 0 env LIX_OFFLINE=1 LIX_TORCH_DIR=/opt/libtorch bash "$setup"
}

other_names() {
  nothing_installed
  command_is apt-cache <<<'shift 2; for name; do [ "$name" = qt6-svg-dev ] || echo "Package: $name"; done'
  expect 1 env LIX_OFFLINE=1 bash "$setup"
  says "libqt6svg6-dev"
  says_not " qt6-svg-dev"
}

without_root() {
  local as=()
  nothing_installed
  command_is sudo <<<'echo "sudo was run"'
  mkdir -p "$deps"
  if ((EUID == 0)); then
    setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null || exit 77
    chown -R 65534:65534 "$scratch/clone"
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  fi
  expect 1 "${as[@]}" bash "$setup"
  says "  sudo apt-get install -y --no-install-recommends g++ cmake "
  says "no terminal to ask on"
  says_not "sudo was run"
  [[ ! -e "$deps/python" ]] || fail "LibTorch was fetched before the packages were there"
}

full_disk() {
  everything_installed
  command_is df <<<'printf "name blocks used free\nx 10 9 17\n"'
  expect 1 bash "$setup"
  says "only 17 MB are free"
  [[ ! -e "$deps/python" ]] || fail "LibTorch was fetched although there is no room"
}

usage() {
  expect 2 bash "$setup" --gpu
  says "unknown option '--gpu'"
  expect 0 bash "$setup" --help
  says "LIX_OFFLINE=1"
}

"$1"
