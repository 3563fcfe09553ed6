#!/usr/bin/env bash
# The sample company and a worker who works a wave for others to watch, mistakes included. Ctrl-C ends it all.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/company.sh
source scripts/company.sh

begin_company
begin_station
begin worker "$programs/liangcang-emulator" worker --control "127.0.0.1:$control_port" --station "$station_page" \
    --badge OP-li --catalogue assets/sample/catalogue.csv --pace-ms 700 --mistakes
say "a worker begins; each act is told in $logs/worker.log"
keep_open
