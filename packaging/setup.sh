#!/usr/bin/env bash
# Puts in place what the build needs and is not here yet: packages of the system, and LibTorch in build/deps.
#
#   ./packaging/setup.sh [--cuda]
#
# Says first what it will install. As root it installs; otherwise it prints the one sudo line and asks.
#   --cuda            also the CUDA libraries of LibTorch (default: where an NVIDIA driver is present)
#   LIX_OFFLINE=1     installs nothing and fails with the list of what is missing
#   LIX_TORCH_DIR=DIR uses your own LibTorch (a folder with include/ and lib/) instead of fetching one
#   LIX_DEPS_DIR=DIR  keeps what is fetched in DIR, for several clones (default: build/deps)
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
deps="${LIX_DEPS_DIR:-$root/build/deps}"
torch_version=2.11.0
torch_wheels=(torch==2.11.0 nvidia-cuda-runtime==13.0.96 nvidia-cuda-cupti==13.0.85)
# What torch 2.11.0 names in its own metadata; the meta package pins the version of each library.
cuda_wheels=(
  'cuda-toolkit[cublas,cudart,cufft,cufile,cupti,curand,cusolver,cusparse,nvjitlink,nvrtc,nvtx]==13.0.2'
  nvidia-cudnn-cu13==9.19.0.56 nvidia-cusparselt-cu13==0.8.0 nvidia-nccl-cu13==2.28.9 nvidia-nvshmem-cu13==3.4.5)

# One package a word; "a|b" are the names that one thing has in different releases, and the first that exists is taken.
packages=(
  g++ cmake ninja-build ccache pkg-config ca-certificates python3-pip
  qt6-base-dev 'qt6-svg-dev|libqt6svg6-dev' 'qt6-charts-dev|libqt6charts6-dev' libqt6opengl6-dev
  libopencv-dev libfreetype-dev libharfbuzz-dev libpugixml-dev libsentencepiece-dev
  libsqlite3-dev libsqlitecpp-dev libcli11-dev nlohmann-json3-dev libicu-dev zlib1g-dev libzip-dev libeigen3-dev liblbfgs-dev
  fonts-dejavu-core fonts-noto-color-emoji fonts-symbola unicode-cldr-core unicode-data
  libgloo-dev
  libgtest-dev libbenchmark-dev xvfb xauth qt6-l10n-tools)

die() {
  echo "setup: $*" >&2
  exit 1
}

cuda=0
for option in "$@"; do
  case "$option" in
    --cuda) cuda=1 ;;
    -h | --help)
      sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *)
      echo "setup: unknown option '$option'; the only ones are --cuda and --help." >&2
      exit 2
      ;;
  esac
done
if [[ -e /proc/driver/nvidia/version ]]; then
  cuda=1
fi

# ---- what is missing ----

missing=()
find_missing_packages() {
  local installed known="" entry name names absent=()
  command -v dpkg-query >/dev/null ||
    die "this is neither Debian nor Ubuntu (no dpkg-query). Install by hand what this script lists, and build with cmake --preset release."
  installed="$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')"
  missing=()
  for entry in "${packages[@]}"; do
    for name in ${entry//|/ }; do
      grep -qxF -- "$name" <<<"$installed" && continue 2
    done
    absent+=("$entry")
  done
  ((${#absent[@]})) || return 0
  read -r -a names <<<"${absent[*]//|/ }"
  known="$(apt-cache show --no-all-versions "${names[@]}" 2>/dev/null | sed -n 's/^Package: //p')" || true
  for entry in "${absent[@]}"; do
    for name in ${entry//|/ }; do
      grep -qxF -- "$name" <<<"$known" && break
      name="${entry%%|*}"
    done
    missing+=("$name")
  done
}

# What setup put into build/deps is written down last, so a run that was cut off is made anew.
python_folder="$deps/python"
stamp="$python_folder/.lix-setup"
has_torch() {
  [[ -n "${LIX_TORCH_DIR:-}" ]] || grep -qxF "torch $torch_version" "$stamp" 2>/dev/null
}
has_cuda() {
  [[ -n "${LIX_TORCH_DIR:-}" ]] || grep -qxF "cuda" "$stamp" 2>/dev/null
}
headers="$deps/include"
has_headers() {
  [[ -e "$headers/CLI/CLI.hpp" && -e "$headers/nlohmann/json.hpp" && -e "$headers/gloo/context.h" ]]
}

find_missing_packages
want_torch=0
want_cuda=0
has_torch || want_torch=1
if ((cuda)) && ! has_cuda; then want_cuda=1; fi
if ((!${#missing[@]} && !want_torch && !want_cuda)) && has_headers; then
  exit 0
fi

# ---- what it will cost ----

disk=0
lacking=()
if ((${#missing[@]})); then
  lacking+=("the packages ${missing[*]}")
  echo "setup: ${#missing[@]} packages of the system are missing (all of them: 0.4 GB to download, 1.9 GB on disk, 1 to 5 minutes):"
  printf '%s\n' "${missing[*]}" | fold -s -w 110 | sed 's/^/setup:   /'
fi
if ((want_torch)); then
  lacking+=("LibTorch $torch_version (pip: ${torch_wheels[*]})")
  echo "setup: LibTorch $torch_version is missing (0.54 GB to download, 1.2 GB on disk in $deps, 1 to 5 minutes)."
  disk=$((disk + 2000))
fi
if ((want_cuda)); then
  lacking+=("the CUDA 13 libraries (pip: ${cuda_wheels[*]})")
  echo "setup: the CUDA 13 libraries of LibTorch are missing (2.0 GB to download, 2.6 GB on disk in $deps, 1 to 15 minutes)."
  disk=$((disk + 4800))
fi
if [[ "${LIX_OFFLINE:-0}" == 1 ]] && ((${#lacking[@]})); then
  die "LIX_OFFLINE=1 forbids to fetch what is missing: $(printf '%s; ' "${lacking[@]}")install it, or run again without LIX_OFFLINE."
fi
mkdir -p "$deps"
free="$(df -Pm "$deps" | awk 'NR == 2 {print $4}')"
if ((free < disk)); then
  die "only $free MB are free where $deps lies, and $disk MB are needed while installing. Make room, or name another place in LIX_DEPS_DIR."
fi
exec 9>"$deps/.lock"
flock 9

# ---- packages of the system ----

install_packages() {
  local apt=(apt-get install -y --no-install-recommends)
  if ((EUID == 0)); then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q || echo "setup: apt-get update failed; going on with the lists that are here." >&2
    find_missing_packages
    "${apt[@]}" -q "${missing[@]}" || die "apt-get could not install ${missing[*]}; its own message is above."
    return
  fi
  local line="sudo ${apt[*]} ${missing[*]}"
  echo "setup: run this as a user who may (after sudo apt-get update, where that was never run):"
  echo
  echo "  $line"
  echo
  command -v sudo >/dev/null || die "sudo is not installed: run the line as root, without its first word, then this again."
  [[ -t 0 ]] || die "there is no terminal to ask on, so nothing was installed. Run the line above, then this again."
  local answer
  read -r -p "setup: run it now? [y/N] " answer
  [[ "$answer" == [yY]* ]] || die "nothing was installed."
  sudo apt-get update -q || true
  sudo "${apt[@]}" "${missing[@]}" || die "apt-get could not install the packages; its own message is above."
}
if ((${#missing[@]})); then
  install_packages
  find_missing_packages
  ((${#missing[@]} == 0)) || die "still missing after the installation: ${missing[*]}."
fi

# ---- LibTorch, the one inside the PyPI wheel ----

# The first Python that has pip; the wheel is the one for that Python, so that it can serve as a peer in tests too.
find_python() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -m pip --version >/dev/null 2>&1; then
      echo "$python"
      return
    fi
  done
  die "no Python with pip was found; install python3-pip."
}

# pip_into FOLDER WHEEL...: the named wheels, in a folder that appears only when it is whole.
pip_into() {
  local folder="$1"
  shift
  local python
  python="$(find_python)"
  rm -rf "$folder" "$deps/tmp"
  mkdir -p "$deps/tmp"
  # A person's own pip settings may ask for --user or for a virtual environment, which --target cannot be joined with.
  TMPDIR="$deps/tmp" PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 "$python" -m pip install --quiet --no-cache-dir --disable-pip-version-check \
    --root-user-action=ignore --only-binary=:all: --target "$folder" "$@" ||
    die "pip could not install $*; its own message is above. Behind a proxy or a mirror, pip's own settings apply."
  rm -rf "$deps/tmp"
}

if ! has_torch; then
  [[ "$(uname -m)" == x86_64 ]] ||
    die "LibTorch is fetched for x86_64 only and this machine is $(uname -m); name your own in LIX_TORCH_DIR."
  echo "setup: fetching LibTorch $torch_version ..."
  pip_into "$deps/python.new" --no-deps "${torch_wheels[@]}"
  [[ -e "$deps/python.new/torch/lib/libtorch_cpu.so" ]] || die "the wheel of torch $torch_version holds no libtorch_cpu.so."
  echo "torch $torch_version" >"$deps/python.new/.lix-setup"
  rm -rf "$python_folder"
  mv "$deps/python.new" "$python_folder"
fi
if ((cuda)) && ! has_cuda; then
  echo "setup: fetching the CUDA libraries of LibTorch $torch_version ..."
  pip_into "$deps/cuda.new" "${cuda_wheels[@]}"
  cp -a --link --force "$deps/cuda.new/." "$python_folder/"
  rm -rf "$deps/cuda.new"
  echo "cuda" >>"$stamp"
fi

# ---- the header-only libraries, so that they can travel to a machine without packages (preset gpu-core) ----

if ! has_headers; then
  rm -rf "$headers.new"
  mkdir -p "$headers.new" "$deps/share/cmake"
  cp -r /usr/include/CLI /usr/include/nlohmann /usr/include/gloo "$headers.new/"
  cp -r /usr/share/cmake/CLI11 /usr/share/cmake/nlohmann_json "$deps/share/cmake/"
  rm -rf "$headers"
  mv "$headers.new" "$headers"
fi
echo "setup: complete."
