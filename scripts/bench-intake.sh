#!/usr/bin/env bash
# Measures how orders are taken in a show, beside what one would use instead: the same machine, the same run, contenders
# in turn. Prints the table and writes target/bench/intake.json. A missed figure is a figure: the status is 0.
# Wants `scripts/setup.sh --tests` and `scripts/build.sh --release`; takes about twenty minutes. For a first look:
# scripts/bench-intake.sh --rounds 1 --seconds 3 --orders 20000 --many 50000
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=${CARGO_TARGET_DIR:-target}
out=$target/bench
# Nobody but its owner may look into a home, and PostgreSQL runs as another user.
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT

mkdir -p "$out"
cargo build --locked --release --package liangcang-planner --example allocation_speed
cargo build --locked --release --package liangcang-server --example judge_speed
cc -O2 -shared -fPIC -o "$work/slow_fsync.so" scripts/bench/slow_fsync.c -ldl

# The one peer that is a Python package has a place of its own; without it, its row says so.
if [[ ! -x $target/peers/bin/python ]] && python3 -m venv "$target/peers" 2>/dev/null; then
    "$target/peers/bin/pip" install --quiet ortools || echo "bench-intake: OR-Tools cannot be installed; its row stays empty" >&2
fi

python3 -B scripts/bench/intake.py --programs "$target/release" --work "$work" --peers "$target/peers/bin/python" \
    --figures "$out/intake.json" "$@"
