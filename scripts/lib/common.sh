# Shared by the scripts in this folder; to be sourced by bash after `root` is set to the source tree.
# shellcheck shell=bash

# A heading, with the seconds since the script began.
section() {
  printf '\n== %s  [%d s]\n' "$1" "$SECONDS"
}

note() {
  printf '   %s\n' "$*"
}

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  [ -z "${2:-}" ] || printf 'hint: %s\n' "$2" >&2
  exit 1
}

# Ends here when nobody can install packages, with the one line that an administrator types. Asked before any output
# goes into a log.
require_administrator() {
  if [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; then return; fi
  fail "installing packages needs root, and sudo is not there" \
    "as root, once: apt-get update && apt-get install --no-install-recommends $*"
}

# Runs a command as the administrator: directly when we are root, through sudo otherwise.
as_administrator() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Prints the packages of the given groups that are not installed, one a line.
missing_packages() {
  local group package command installed
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
  while read -r group package command; do
    case " $* " in *" $group "*) ;; *) continue ;; esac
    if [ -n "$command" ] && command -v "$command" >/dev/null; then continue; fi
    grep -Fxq -- "$package" <<<"$installed" || printf '%s\n' "$package"
  done < <(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$root/scripts/packages.txt") | sort -u
}

# Installs what is missing of the given groups; asks apt only when something is.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  if [ ${#missing[@]} -eq 0 ]; then
    note "every Debian package is there"
    return
  fi
  require_administrator "${missing[@]}"
  note "installing: ${missing[*]}"
  command -v apt-get >/dev/null || fail "apt-get is not there, and these packages are missing: ${missing[*]}" \
    "install them with this system's package manager; scripts/packages.txt has the list"
  mkdir -p "$root/build"
  local log="$root/build/apt.log"
  if ! { as_administrator env DEBIAN_FRONTEND=noninteractive apt-get -q -y update &&
         as_administrator env DEBIAN_FRONTEND=noninteractive apt-get -q -y install \
           --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    fail "apt-get could not install the packages" "the whole output is in build/apt.log"
  fi
}

# install_npm_packages FROM TO: the packages of FROM/package-lock.json into TO/node_modules, both below the source tree;
# anew only when the list changed. Scripts of packages stay off. A network that fails is tried again.
install_npm_packages() {
  local from=$root/$1 to=$root/$2 stamp
  stamp=$(cat "$from/package.json" "$from/package-lock.json" | sha256sum)
  if [ "$(cat "$to/.stamp" 2>/dev/null)" = "$stamp" ]; then
    note "every npm package of $1 is there"
    return
  fi
  note "installing the npm packages of $1"
  mkdir -p "$to"
  rm -f "$to/package.json" "$to/package-lock.json" "$to/.stamp"
  cp "$from/package.json" "$from/package-lock.json" "$to/"
  run_npm "$to" || run_npm "$to" || run_npm "$to" || {
    tail -n 20 "$to.log" >&2
    fail "npm could not install the packages of $1" "the whole output is in $2.log"
  }
  printf '%s\n' "$stamp" >"$to/.stamp"
}

run_npm() {
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >"$1.log" 2>&1 </dev/null
}

# ccache writes below HOME unless told otherwise; without a usable HOME it gets a folder of the build.
prepare_compiler_cache() {
  if [ -z "${CCACHE_DIR:-}" ] && ! { [ -n "${HOME:-}" ] && [ -w "$HOME" ]; }; then
    export CCACHE_DIR="$root/build/ccache"
  fi
}

least_cmake=3.25

# Configures a preset once; afterwards the build notices by itself when CMake has to run again.
configure() {
  local preset=$1
  if [ -f "$root/build/$preset/build.ninja" ]; then return; fi
  mkdir -p "$root/build"
  # What the presets ask for; an older one would say so in words of its own.
  local version
  version=$(cmake --version | sed -n 's/^cmake version //p')
  printf '%s\n' "$least_cmake" "$version" | sort --version-sort --check=quiet ||
    fail "CMake is $version, and $least_cmake is the least" "install a newer one: https://cmake.org/download"
  (cd "$root" && cmake --preset "$preset") >"$root/build/configure-$preset.log" 2>&1 || {
    tail -n 30 "$root/build/configure-$preset.log" >&2
    fail "CMake could not configure preset $preset" "the whole output is in build/configure-$preset.log"
  }
}

# Builds a preset, or one target of it; prints the compiler's words only when it fails.
build() {
  local preset=$1 target=${2:-all} log="$root/build/build-$1.log"
  (cd "$root" && cmake --build --preset "$preset" --target "$target" -j "$(nproc)") >"$log" 2>&1 || {
    grep -E -A 12 'FAILED:|error:|Error' "$log" | head -n 120 >&2 || true
    fail "preset $preset does not build" "the whole output is in build/build-$preset.log"
  }
}
