#!/usr/bin/env bash
# Builds the screens, then the programs that carry them inside:
#   scripts/build.sh ui           the screens only
#   scripts/build.sh              all, for trying things out
#   scripts/build.sh --release    all, as shipped
# The screens are built again only when something they are made of is newer than they are.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# stale APP: whether its screens are not built, or older than something they are made of.
stale() {
    local made=$1/dist/index.html
    [[ ! -e $made ]] || [[ -n $(find ui assets/fonts -newer "$made" -type f -not -path '*/node_modules/*' \
        -not -path '*/dist/*' -not -name '*.tsbuildinfo' -print -quit) ]]
}

screens() {
    local app
    for app in ui/apps/*; do
        if stale "$app"; then
            npm run --silent build --prefix ui
            return
        fi
    done
}

screens
case ${1:-} in
ui) ;;
"") cargo build --locked --workspace --bins ;;
--release) cargo build --locked --workspace --bins --release ;;
*)
    echo "build: knows ui and --release, not $1" >&2
    exit 1
    ;;
esac
