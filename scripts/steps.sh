# shellcheck shell=bash
# Sourced by the scripts that check and test: names each step, keeps its output, and tells how long it took.
# It wants the repository as the working directory.

step_logs=${CARGO_TARGET_DIR:-target}/steps
mkdir -p "$step_logs"

# step NAME COMMAND...: runs the command; when it fails, so does the script.
step() {
    local name=$1 log="$step_logs/${1// /-}.log" begun=$SECONDS
    shift
    echo "== $name"
    if "$@" 2>&1 | tee "$log"; then
        echo "== $name: good, $((SECONDS - begun)) s"
    else
        echo "== $name: FAILED after $((SECONDS - begun)) s; its output is in $log" >&2
        exit 1
    fi
}

# closing_lines: the last word of each test runner, from the logs of the steps.
closing_lines() {
    grep -hE '^ *(Summary \[|test result: |Test Files +[0-9]|Tests +[0-9]|[0-9]+ (passed|failed)|e2e: )' "$@" || true
}
