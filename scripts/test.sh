#!/usr/bin/env bash
# All tests, after all checks; ends at the first fault and repeats the runners' closing lines.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/steps.sh
source scripts/steps.sh

# Tests that write the TypeScript types write them here, not over the committed ones they are checked against.
TS_RS_EXPORT_DIR=$(mktemp -d)
export TS_RS_EXPORT_DIR
# The PostgreSQL cluster of this run.
cluster=$(mktemp -d)
tidy_up() {
    [[ ! -e $cluster/port ]] || scripts/postgres.sh stop "$cluster"
    rm -rf "$TS_RS_EXPORT_DIR" "$cluster"
}
trap tidy_up EXIT

# rust_tests WHICH...: as cargo selects packages and programs.
rust_tests() {
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --locked "$@" --hide-progress-bar --status-level fail
    else
        cargo test --locked "$@" --quiet
    fi
}

# What the server promises, once more on the other database; rust_tests has just run it on SQLite.
cluster_tests() {
    local address
    address=$(scripts/postgres.sh start "$cluster") || return
    # By the names of its test programs, not by its package: alone it would be built anew with fewer features.
    LIANGCANG_TEST_POSTGRES=$address rust_tests --workspace --test http --test rules --test kills
}

rm -f "$step_logs"/*.log
scripts/check.sh
step "screen tests" npm run --silent test --prefix ui
step "rust tests" rust_tests --workspace
step "server on postgres" cluster_tests
step "bindings" scripts/check-bindings.sh
# A test run builds no program of a package without test programs: the window.
step "programs" scripts/build.sh
step "end to end" scripts/e2e.sh
closing_lines "$step_logs"/{house-rules,screen-tests,rust-tests,server-on-postgres,end-to-end}.log
