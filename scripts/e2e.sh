#!/usr/bin/env bash
# The end-to-end tests: real processes on free ports in folders of their own. Wants the programs built.
#   scripts/e2e.sh            all of them
#   scripts/e2e.sh FILE...    some of e2e/*.test.mjs
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
files=("$@")
((${#files[@]})) || files=(e2e/*.test.mjs)
# Two at a time: the machine has two cores, and more would only wait for each other.
exec node --test --test-concurrency=2 --test-reporter=./e2e/sentences.mjs "${files[@]}"
