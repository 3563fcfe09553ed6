#!/usr/bin/env bash
# Kills the server, and its PostgreSQL, in the middle of bursts at moments nobody chose, and looks each time whether
# every acknowledged order is there once and the books balance. `make test` runs a few rounds of the same.
#   scripts/kills.sh ROUNDS    so many rounds on SQLite, then so many on PostgreSQL
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
rounds=${1:-200}
if [[ ! $rounds =~ ^[1-9][0-9]*$ ]]; then
    echo "kills: say how many rounds, as a number; not $rounds" >&2
    exit 1
fi

# On PostgreSQL each run makes a cluster of its own; the variable only says that it shall.
for cluster in "" postgres://its-own; do
    echo "kills: $rounds rounds on $([[ -n $cluster ]] && echo PostgreSQL || echo SQLite)"
    if [[ -n $cluster ]]; then export LIANGCANG_TEST_POSTGRES=$cluster; else unset LIANGCANG_TEST_POSTGRES; fi
    LIANGCANG_KILLS=$rounds cargo test --locked --package liangcang-server --test kills -- --nocapture
done
