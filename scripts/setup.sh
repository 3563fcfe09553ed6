#!/usr/bin/env bash
# Brings a Debian 12 machine that has git, make, cargo and node to the state in which everything builds:
#   scripts/setup.sh           what building and running need
#   scripts/setup.sh --tests   that, and what the tests need
# It may be run any number of times, says only what it does, and does nothing when all is there.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
cache=${LIANGCANG_CACHE:-$HOME/.cache/liangcang}
tauri_driver=2.1.0

# The window (WebKitGTK), sound (ALSA), the linker of .cargo/config.toml; then the voice and Chinese type.
packages=(build-essential pkg-config clang mold libwebkit2gtk-4.1-dev libgtk-3-dev libsoup-3.0-dev
    libjavascriptcoregtk-4.1-dev libasound2-dev espeak-ng fonts-noto-cjk)
# A display, the window's remote control, a browser, and readers of barcodes and PDF that are not ours; the other
# database, with pgbench.
test_packages=(xvfb xauth webkit2gtk-driver chromium zbar-tools poppler-utils postgresql)

say() { echo "setup: $*"; }
fail() {
    echo "setup: $*" >&2
    exit 1
}

# at_least WANTED FOUND: whether version FOUND is not older than WANTED.
at_least() { [[ $(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

check_tools() {
    local tool version
    for tool in cargo node npm; do
        command -v "$tool" >/dev/null || fail "no $tool on the path; install Rust from https://rustup.rs and Node.js 20.19 or later, then run this again"
    done
    version=$(cargo --version | cut -d ' ' -f 2)
    at_least 1.95 "$version" || fail "cargo is $version and must be 1.95 or later; run: rustup update stable"
    version=$(node --version)
    at_least 20.19 "${version#v}" || fail "node is $version and must be 20.19 or later"
}

missing_packages() {
    dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
        awk '$1 == "installed" { print $2 }' | sort | comm -13 - <(printf '%s\n' "$@" | sort)
}

# Debian starts a cluster of the machine's own with the package unless it is told not to; we start ours when we need
# one (scripts/postgres.sh). Told for this once.
no_cluster=/etc/postgresql-common/createcluster.d/liangcang.conf
# shellcheck disable=SC2086  # the prefix may be no word
refuse_cluster() {
    $1 mkdir -p "${no_cluster%/*}"
    echo "create_main_cluster = false" | $1 tee "$no_cluster" >/dev/null
}

# install_as PREFIX PACKAGE...: through apt, quietly; its words are shown only if it fails.
install_as() {
    local prefix=$1 log
    shift
    log=$(mktemp)
    [[ " $* " != *" postgresql "* ]] || refuse_cluster "$prefix"
    local apt="apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0"
    # shellcheck disable=SC2086  # prefix and options are several words
    if ! { $prefix $apt update && $prefix env DEBIAN_FRONTEND=noninteractive $apt install --no-install-recommends "$@"; } >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "apt could not install: $*"
    fi
    rm -f "$log"
    # shellcheck disable=SC2086
    [[ " $* " != *" postgresql "* ]] || $prefix rm -f "$no_cluster"
}

system_packages() {
    if ! command -v dpkg-query >/dev/null; then
        say "this is no Debian; see docs/HACKING.md for what must be installed by hand"
        return
    fi
    local missing line answer
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    line="sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
    if ((EUID == 0)); then
        say "installing ${missing[*]}"
        install_as "" "${missing[@]}"
    elif command -v sudo >/dev/null && [[ -t 0 ]]; then
        read -r -p "setup: install with sudo: ${missing[*]}? [Y/n] " answer
        [[ ${answer,,} == @(""|y|yes) ]] || fail "not installed; to do it yourself: $line"
        install_as sudo "${missing[@]}"
    else
        fail "system packages are missing; run: $line"
    fi
}

# npm_packages FOLDER: what its lock file names.
npm_packages() {
    local folder=$1 stamp=$1/node_modules/.installed-from wanted
    wanted=$(sha256sum <"$folder/package-lock.json")
    [[ -r $stamp && $(<"$stamp") == "$wanted" ]] && return
    say "npm packages of $folder"
    # Not `npm ci`: it refuses the lock where a mirror lacks the native packages of other systems. This installs the
    # locked versions as well, and --no-save leaves the lock as it is.
    npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error
    echo "$wanted" >"$stamp"
}

window_driver() {
    local tools=$cache/tools
    # Cargo's own record of what it installed there.
    grep -qs "\"tauri-driver $tauri_driver " "$tools/.crates.toml" && return
    say "tauri-driver $tauri_driver into $tools"
    cargo install --quiet --locked --root "$tools" --version "=$tauri_driver" tauri-driver
}

check_tools
case ${1:-} in
"")
    system_packages "${packages[@]}"
    npm_packages ui
    ;;
--tests)
    system_packages "${packages[@]}" "${test_packages[@]}"
    npm_packages ui
    npm_packages e2e
    window_driver
    # tidy reads every package's licence, also of those only Windows builds, and never asks the network.
    cargo fetch --quiet --locked
    ;;
*)
    fail "knows only --tests, not $1"
    ;;
esac
