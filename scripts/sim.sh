#!/usr/bin/env bash
# Makes up days on which everything goes wrong between stations and server (crates/sync/tests/sim) and judges each.
# `make test` makes up fewer. A seed that fails is named; it belongs into KEPT in crates/sync/tests/sim/main.rs.
#   scripts/sim.sh SEEDS    so many days, 2,000 if it is not said
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
seeds=${1:-2000}
if [[ ! $seeds =~ ^[1-9][0-9]*$ ]]; then
    echo "sim: say how many seeds, as a number; not $seeds" >&2
    exit 1
fi

begun=$SECONDS
SEEDS=$seeds cargo test --locked --release --package liangcang-sync --test sim -- --nocapture
echo "sim: $seeds seeds, $((SECONDS - begun)) s with building"
