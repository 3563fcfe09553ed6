#!/usr/bin/env bash
# What can be said about the code without running it. Cheap things first; ends at the first fault.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/steps.sh
source scripts/steps.sh

step "rustfmt" cargo fmt --all --check
step "oxlint" npm run --silent lint --prefix ui
step "vue-tsc" npm run --silent typecheck --prefix ui
step "house rules" cargo test --locked --quiet --package liangcang-tidy
step "screens" scripts/build.sh ui
step "clippy" cargo clippy --locked --quiet --workspace --all-targets -- --deny warnings
