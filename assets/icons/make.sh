#!/usr/bin/env bash
# Remakes the icons from liangcang.svg. Nobody needs this to build: run it after changing the drawing.
# Wants chromium and imagemagick. Tauri refuses icons that are not RGBA, hence PNG32.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
page=$(mktemp --suffix .html)
drawn=$(mktemp --suffix .png)
trap 'rm -f "$page" "$drawn"' EXIT

# One large drawing with a clear ground, scaled down with care for each size.
{ echo '<!doctype html><style>html,body{margin:0}svg{display:block;width:1024px;height:1024px}</style>'; cat liangcang.svg; } > "$page"
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1024,1024 \
    --default-background-color=00000000 --screenshot="$drawn" "file://$page" 2>/dev/null

sized() { convert "$drawn" -filter Lanczos -resize "$1x$1" -strip "PNG32:$2"; }
sized 32 32x32.png
sized 128 128x128.png
sized 256 128x128@2x.png
sized 512 icon.png
convert "$drawn" -filter Lanczos -define icon:auto-resize=256,64,48,32,24,16 icon.ico
