# SPDX-License-Identifier: MIT
#
# What shell programs that start servers share: tools, free ports, processes ended by their ids.
# Source it with $name (who speaks) and $build set. Everything listens on 127.0.0.1; only what was
# started here is ended.
# shellcheck shell=sh

ticks=$(getconf CLK_TCK)
PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d "${TMPDIR:-/tmp}/h3-$name.XXXXXX") || exit 1
started=

# is_running PID: and not merely waited for.
is_running ()
{
    test -d "/proc/$1" && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}

# await SECONDS PID: FALSE where it still runs then.
await ()
{
    for _ in $(seq $((10 * $1))); do
        is_running "$2" || return 0
        sleep 0.1
    done
    return 1
}

# stop PID: one of those in $started, which it then is no more. $status is what it ended with. It
# has half a minute to end by itself.
stop ()
{
    kill "$1" 2>/dev/null
    await 30 "$1" || kill -KILL "$1" 2>/dev/null
    wait "$1" 2>/dev/null
    status=$?
    started="$started "
    started="${started%% "$1" *} ${started#* "$1" }"
}

finish ()
{
    for pid in $started; do
        stop "$pid"
    done
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

# launch LOG COMMAND…: it is process $pid.
launch ()
{
    log=$1
    shift
    "$@" >"$log" 2>&1 &
    pid=$!
    started="$started $pid"
}

# need_tools TOOL:PACKAGE…: says which are missing, and installs them where that is ours to do. A
# header is a tool that is called by its path.
need_tools ()
{
    missing=
    for pair; do
        command -v "${pair%%:*}" >/dev/null || [ -f "${pair%%:*}" ] || missing="$missing ${pair##*:}"
    done
    test -z "$missing" && return 0
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        echo "$name: installing$missing" >&2
        apt-get update >&2
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y $missing >&2 && return 0
    fi
    echo "$name: install$missing first" >&2
    exit 1
}

# $port becomes one that nobody has, beyond the last.
port=$((20000 + $$ % 12000))
find_port ()
{
    port=$(awk -v last="$port" '
        { split($2, address, ":"); taken[address[2]] = 1 }
        END {
            for (port = last + 1; taken[sprintf("%04X", port)]; port++)
                ;
            print port
        }' /proc/net/tcp /proc/net/tcp6)
}

# answers PORT: waits for the first answer, ten seconds at most.
answers ()
{
    for _ in $(seq 100); do
        "$build/bench/load" "$1" 1 1 bare /plaintext 2>/dev/null && return 0
        sleep 0.1
    done
    echo "$name: nobody answers on port $1" >&2
    exit 1
}

# The ticks that process $1 has used: user, system.
read_ticks ()
{
    sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12, $13 }'
}

# KiB that process $1 occupies.
read_resident ()
{
    awk '/^VmRSS/ { print $2 }' "/proc/$1/status"
}
