#!/usr/bin/env bash
# Remakes the committed fonts. Nobody needs this to build: run it after changing a character list in
# make.py. Wants the Debian packages fonts-noto-cjk, python3-fonttools and python3-brotli.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
noto=${1:-/usr/share/fonts/opentype/noto}

if [[ ! -r $noto/NotoSansCJK-Regular.ttc ]]; then
    echo "fonts: no NotoSansCJK-Regular.ttc in $noto; install fonts-noto-cjk or give its folder as the argument" >&2
    exit 1
fi
# Debian's packages belong to Debian's Python, which need not be the first one on the path.
for python in python3 /usr/bin/python3; do
    if "$python" -c 'import brotli, fontTools' 2>/dev/null; then
        exec "$python" "$here/make.py" "$noto" "$here"
    fi
done
echo "fonts: no Python with fontTools and brotli; install python3-fonttools and python3-brotli" >&2
exit 1
