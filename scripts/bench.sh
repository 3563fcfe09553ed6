#!/usr/bin/env bash
# Measures the budgets on the shipped programs, shows them as a table, and writes target/bench/*.json. A missed budget
# is a figure: the status is 0. Wants `scripts/build.sh --release` and Xvfb; takes about five minutes.
# Rows are fewer or more by the arguments of the example `budget`: scripts/bench.sh --orders 10000 --rows 2000
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
programs=${CARGO_TARGET_DIR:-target}/release
out=${CARGO_TARGET_DIR:-target}/bench

cargo build --locked --release --package liangcang-station --example budget
budget() { "$programs/examples/budget" --figures "$out" "$@"; }

rm -rf "$out"
mkdir -p "$out/home"

budget paper
budget station "$programs/liangcang-station" "$out/station" "$@"

# The window gets a display and a home of its own; Xvfb chooses a free number and tells it.
coproc display { exec Xvfb -displayfd 1 -screen 0 1366x900x24 -nolisten tcp 2>/dev/null; }
trap 'kill "$display_PID" 2>/dev/null || true' EXIT
read -r number <&"${display[0]}"
HOME=$(realpath "$out/home")
export HOME DISPLAY=:$number XDG_RUNTIME_DIR=$HOME
budget window "$programs/liangcang" "$out/station/station.toml"

budget table
