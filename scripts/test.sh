#!/usr/bin/env bash
# All tests, after all checks; ends at the first fault and repeats the runners' closing lines.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/steps.sh
source scripts/steps.sh

# Tests that write the TypeScript types write them here, not over the committed ones they are checked against.
TS_RS_EXPORT_DIR=$(mktemp -d)
export TS_RS_EXPORT_DIR
trap 'rm -rf "$TS_RS_EXPORT_DIR"' EXIT

rust_tests() {
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --locked --workspace --hide-progress-bar --status-level fail
    else
        cargo test --locked --workspace --quiet
    fi
}

rm -f "$step_logs"/*.log
scripts/check.sh
step "screen tests" npm run --silent test --prefix ui
step "rust tests" rust_tests
step "bindings" scripts/check-bindings.sh
step "end to end" scripts/e2e.sh
closing_lines "$step_logs"/{house-rules,screen-tests,rust-tests,end-to-end}.log
