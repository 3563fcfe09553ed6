# shellcheck shell=bash
# Sourced by the scripts that let the sample company work: server, devices, one station of the Shanghai warehouse.
# It wants the repository as the working directory. What it starts ends with the script that sourced it, however that
# ends. Books, labels and logs stay in var/, where the next start finds them.

port_base=${LIANGCANG_PORT_BASE:-7080}
server_port=$port_base
station_port=$((port_base + 1))
printer_port=$((port_base + 2))
control_port=$((port_base + 3))
station_page=http://127.0.0.1:$station_port/
programs=${CARGO_TARGET_DIR:-target}/debug
logs=var/log

declare -A name_of=()

say() { echo "company: $*"; }
fail() {
    echo "company: $*" >&2
    exit 1
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# begin NAME COMMAND...: starts a part of the company; its words go to var/log/NAME.log.
begin() {
    local name=$1
    shift
    # In a session of its own: a Ctrl-C at the terminal reaches this script alone, which then ends the parts in order.
    setsid "$@" >>"$logs/$name.log" 2>&1 </dev/null &
    name_of[$!]=$name
}

# Ends what was begun, the last first: politely, and after five seconds by force.
end_all() {
    local pids pid tries
    mapfile -t pids < <(printf '%s\n' "${!name_of[@]}" | sort -rn)
    name_of=()
    for pid in "${pids[@]}"; do
        [[ -n $pid ]] || continue
        kill "$pid" 2>/dev/null || continue
        for ((tries = 0; tries < 50; tries++)); do
            kill -0 "$pid" 2>/dev/null || continue 2
            sleep 0.1
        done
        kill -9 "$pid" 2>/dev/null || true
    done
}
trap end_all EXIT
trap 'exit 129' HUP
# Ctrl-C is how a company is meant to end.
trap 'echo; say "everything is ended"; exit 0' INT
trap 'exit 143' TERM

# await NAME PORT: until the part just begun listens there; it may have ended instead.
await() {
    local name=$1 port=$2 pid=$! tries
    for ((tries = 0; tries < 300; tries++)); do
        listens "$port" && return
        kill -0 "$pid" 2>/dev/null || fail "the $name ended at once; the end of $logs/$name.log says why: $(tail -n 1 "$logs/$name.log")"
        sleep 0.1
    done
    fail "the $name does not listen on port $port after 30 s; see $logs/$name.log"
}

free_ports() {
    local port
    for port in "$server_port" "$station_port" "$printer_port" "$control_port"; do
        if listens "$port"; then
            fail "port $port is taken, perhaps by a company that runs already; end it, or choose four other ports by their first: LIANGCANG_PORT_BASE=7180"
        fi
    done
}

station_settings() {
    cat >var/station.toml <<SETTINGS
# Written at each start by scripts/company.sh.
data = "var/station"
server = "http://127.0.0.1:$server_port"
listen = "127.0.0.1:$station_port"

[[scanner]]
name = "scanner"
path = "var/devices/scanner-bench"

[[scale]]
name = "scale"
path = "var/devices/scale-bench"

[[printer]]
name = "printer"
address = "127.0.0.1:$printer_port"
SETTINGS
}

# server COMMAND...: the server's program on the company's books.
server() { "$programs/liangcang-server" --data var/server "$@"; }

enrol() {
    [[ -e var/station/enrolled ]] && return
    local code
    code=$(server enrol-code --warehouse SH 2>>"$logs/server.log")
    "$programs/liangcang-station" --settings var/station.toml enrol "$code" --name bench-1 >>"$logs/station.log" 2>&1 ||
        fail "the station was not enrolled: $(tail -n 1 "$logs/station.log")"
    touch var/station/enrolled
}

# Everything but the station itself.
begin_company() {
    mkdir -p "$logs" var/station
    free_ports
    server init >>"$logs/server.log" 2>&1
    server import catalogue assets/sample >>"$logs/server.log" 2>&1 ||
        fail "the sample company was not taken; see $logs/server.log"
    say "orders of the sample file: $(server import orders assets/sample/orders_douyin.csv 2>>"$logs/server.log" | tail -n 1)"
    begin server "$programs/liangcang-server" --data var/server serve --listen "127.0.0.1:$server_port"
    await server "$server_port"
    begin devices "$programs/liangcang-emulator" run --dir var/devices --control "127.0.0.1:$control_port" \
        --scanner bench --scale bench --printer "label=127.0.0.1:$printer_port"
    await devices "$control_port"
    station_settings
    enrol
}

# The window where there is a display, else the same station without one.
begin_station() {
    if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
        begin window "$programs/liangcang" --settings var/station.toml
        await window "$station_port"
        say "the window is open; the same screens are at $station_page"
    else
        begin station "$programs/liangcang-station" --settings var/station.toml run
        await station "$station_port"
        say "no display here, so the station runs without its window; its screens are at $station_page"
    fi
}

# Until Ctrl-C, until the window is closed, or until something ends that should not.
keep_open() {
    local ended name status
    while true; do
        status=0
        wait -n -p ended 2>/dev/null || status=$?
        name=${name_of[$ended]:-}
        unset "name_of[$ended]"
        case $name:$status in
        window:0)
            say "the window was closed"
            return
            ;;
        worker:0) say "the worker's shift is over: $(tail -n 1 "$logs/worker.log"); Ctrl-C ends the company" ;;
        *)
            tail -n 3 "$logs/$name.log" >&2
            fail "the $name ended by itself (status $status), so the rest ends too; its last words are above and in $logs/$name.log"
            ;;
        esac
    done
}
