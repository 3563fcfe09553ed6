#!/usr/bin/env bash
# The sample company with emulated devices and one open station, for a person to work at. Ctrl-C ends it all.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/company.sh
source scripts/company.sh

begin_company
begin_station
say "sign on by the badge OP-li; devices are worked at http://127.0.0.1:$control_port/, logs are in $logs/"
say "Ctrl-C ends everything; the next start continues here, and without the folder var/ it begins anew"
keep_open
