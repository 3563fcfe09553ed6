#!/usr/bin/env bash
# Whether the committed TypeScript types are what the Rust types say: writes them anew beside and compares.
# To bring them up to date: cargo test --workspace --lib export_bindings
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
committed=ui/packages/contract/src/generated
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

# The value of the environment goes before the one of .cargo/config.toml.
TS_RS_EXPORT_DIR=$fresh cargo test --locked --quiet --workspace --lib export_bindings >/dev/null
if ! diff -ru "$committed" "$fresh"; then
    echo "bindings: $committed is not what the Rust types say; run: cargo test --workspace --lib export_bindings, and delete what is left over" >&2
    exit 1
fi
echo "bindings: fresh"
