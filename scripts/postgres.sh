#!/usr/bin/env bash
# A PostgreSQL cluster of one's own, for tests and measurements; durable as a real one, on this machine alone.
#   scripts/postgres.sh start DIR   makes it in DIR if it is not there, starts it, prints its address
#   scripts/postgres.sh stop DIR    ends it; DIR can be started again, at the same address, or thrown away
# Whoever is on this machine may sign in: nothing of value belongs in it.
set -euo pipefail

fail() {
    echo "postgres: $*" >&2
    exit 1
}

# The newest of Debian's, else what is on the path.
programs() {
    local initdb
    initdb=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
    initdb=${initdb:-$(command -v initdb)} || fail "PostgreSQL is not installed; run scripts/setup.sh --tests"
    dirname "$initdb"
}

# PostgreSQL refuses to run as root; Debian's package has made a user for it.
unprivileged() {
    if ((EUID == 0)); then
        (cd / && setpriv --reuid postgres --regid postgres --clear-groups "$@")
    else
        "$@"
    fi
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

make_cluster() {
    mkdir -p "$dir"
    ((EUID != 0)) || chown postgres: "$dir"
    unprivileged "$bin/initdb" --pgdata "$dir/data" --username liangcang --auth trust --encoding UTF8 --locale C \
        >"$log" 2>&1 || fail "initdb failed: $(tail -n 1 "$log")"
    # What durability rests on stays as PostgreSQL has it: fsync and synchronous_commit are on.
    unprivileged tee -a "$dir/data/postgresql.conf" >/dev/null <<SETTINGS
unix_socket_directories = '$dir'
max_connections = 300
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.max = 20000
SETTINGS
}

start_on() { unprivileged "$bin/pg_ctl" start --pgdata "$dir/data" --log "$dir/postgres.log" --timeout 60 --options "-p $1" >>"$log" 2>&1; }

# A port that nobody has; another may take it before we do, then the next is tried.
start_anywhere() {
    local tries port
    for ((tries = 0; tries < 20; tries++)); do
        port=$((20000 + RANDOM % 12000))
        listens "$port" && continue
        if start_on "$port"; then
            echo "$port" >"$dir/port"
            return
        fi
    done
    fail "the cluster did not start; the end of its log says why: $(tail -n 2 "$dir/postgres.log")"
}

# After a kill, what is left of the old one takes a moment to go.
start_again() {
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        start_on "$(<"$dir/port")" && return
        sleep 0.1
    done
    fail "the cluster did not start again; the end of its log says why: $(tail -n 2 "$dir/postgres.log")"
}

(($# == 2)) || fail "usage: scripts/postgres.sh start|stop DIR"
dir=$(realpath --canonicalize-missing "$2")
log=$(mktemp)
trap 'rm -f "$log"' EXIT
bin=$(programs)
case $1 in
start)
    [[ -e $dir/data/PG_VERSION ]] || make_cluster
    if [[ ! -e $dir/port ]]; then
        start_anywhere
    elif ! unprivileged "$bin/pg_ctl" status --pgdata "$dir/data" >/dev/null 2>&1; then
        start_again
    fi
    echo "postgres://liangcang@127.0.0.1:$(<"$dir/port")/postgres"
    ;;
stop)
    unprivileged "$bin/pg_ctl" stop --pgdata "$dir/data" --mode immediate --timeout 60 >"$log" 2>&1 ||
        fail "the cluster did not stop: $(tail -n 1 "$log")"
    ;;
*) fail "knows start and stop, not $1" ;;
esac
