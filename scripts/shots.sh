#!/usr/bin/env bash
# The screenshots the papers show: taken of the real window while the end-to-end test packs a bundle in it, and of the
# office's pages while another takes a show from its plan to its close.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
taken=${CARGO_TARGET_DIR:-target}/e2e
declare -A shown=(
    [today]=a-wave-released-by-a-button-of-the-window-appears-as-a-walk
    [pick]=the-walk-shows-what-to-take
    [pack]=the-tote-on-the-bench-shows-the-bundle-as-its-parts
    [label]=the-label-is-asked-for
    [hand-over]=the-cage-waits-for-parcels
    [office-arm]=console-dialog-arm
    [office-live]=console-the-meter-shows-every-order-as-it-was-answered
    [office-review]=console-a-stopped-order-is-decided-by-key-and-its-fate-stays-on-the-screen
    [office-ledger]=console-the-books-balance-and-a-row-says-where-its-units-go
)

scripts/e2e.sh e2e/window.test.mjs e2e/console.test.mjs
mkdir -p docs/shots
for name in "${!shown[@]}"; do
    cp "$taken/${shown[$name]}.png" "docs/shots/$name.png"
done
