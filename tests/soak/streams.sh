#!/bin/bash
# SPDX-License-Identifier: MIT
#
# streams.sh BUILD: bodies that do not fit into memory go through h3d demo, over curl; says how much
# memory it took for them, and whether that was little. docs/soak.md says what it proves. 'make
# soak-streams' runs it.
build=${1:-.}
source=$(cd "$(dirname "$0")" && pwd)
bytes=${SOAK_STREAM_BYTES:-4294967296}
rate=${SOAK_STREAM_RATE:-200M}
most=$((8 * 1024)) # KiB
most_stalled=$((2 * 1024))
stalled=16
name=streams
. "$source/../../bench/machine.sh"
failures=0

fail ()
{
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# read_status FIELD: of the server, in KiB.
read_status ()
{
    awk -v field="$1:" '$1 == field { print $2 }' "/proc/$server/status"
}

# The peak is counted from here on.
begin ()
{
    before=$(read_status VmRSS)
    echo 5 >"/proc/$server/clear_refs"
}

# end WHAT MOST: how far the peak was above what there was before.
end ()
{
    grown=$(($(read_status VmHWM) - before))
    printf '%-44s resident %6d KiB, at most %5d KiB more\n' "$1" "$before" "$grown"
    [ "$grown" -lt "$2" ] || fail "$1 took more than $2 KiB"
}

# Random bytes, the same each time, from a server of their own.
source_bytes ()
{
    curl -sSf "http://127.0.0.1:$source_port/stream-bytes/$bytes?seed=7&chunk_size=65536"
}

# expect WHAT DIGEST.
expect ()
{
    [ "$2" = "$digest" ] || fail "$1: other bytes came: $2"
}

digest_of ()
{
    sha256sum | cut -d ' ' -f 1
}

download ()
{
    begin
    expect download "$(curl -sSf --limit-rate "$rate" \
        "$here/stream-bytes/$bytes?seed=7&chunk_size=65536" | digest_of)"
    end "download of $bytes bytes" "$most"
}

upload ()
{
    begin
    expect upload "$(source_bytes | curl -sSf --limit-rate "$rate" -T - "$here/digest" |
        sed 's/.*"sha256":"\([0-9a-f]*\)".*/\1/')"
    end "upload of $bytes bytes" "$most"
}

# echo_through WHAT PATH OPTION…
echo_through ()
{
    what=$1
    path=$2
    shift 2
    begin
    expect "$what" "$(source_bytes |
        curl -sSf --limit-rate "$rate" -X POST -T - "$@" "$here$path" | digest_of)"
    end "$what of $bytes bytes" "$most"
}

# hold REQUEST: sends it, then for ever zeros, and never reads.
hold ()
{
    exec 3<>"/dev/tcp/127.0.0.1/$port" || exit
    printf '%s\r\nHost: a\r\nContent-Length: %s\r\n\r\n' "$1" "$2" >&3
    [ "$2" -eq 0 ] || exec cat /dev/zero >&3
    exec sleep 1000
}

# count KIND: how many there are, as /memory tells.
count ()
{
    curl -sSf "$here/memory" |
        tr -d '\n ' | sed "s/.*\"$1\":{\"now\":\([0-9]*\).*/\1/"
}

# await_count KIND LEAST MOST
await_count ()
{
    for _ in $(seq 300); do
        there=$(count "$1")
        [ "$there" -ge "$2" ] && [ "$there" -le "$3" ] && return
        sleep 0.2
    done
    fail "$there $1, not $2 to $3, after a minute"
}

# stall WHAT REQUEST LENGTH: so many readers that never read; the write rate ends them.
stall ()
{
    begin
    holders=
    for _ in $(seq "$stalled"); do
        hold "$2" "$3" 2>/dev/null &
        holders="$holders $!"
        started="$started $!"
    done
    await_count connections $((stalled + 1)) $((stalled + 1))
    sleep 2
    end "$stalled stalled: $1" $((stalled * most_stalled))
    await_count connections 1 1
    await_count events 1 1
    for holder in $holders; do
        stop "$holder"
    done
}

need_tools curl:curl awk:mawk sha256sum:coreutils
find_port
source_port=$port
launch "$work/source.log" "$build/bin/h3d" demo --listen "127.0.0.1:$port" --workers 1
answers "$port"
find_port
launch "$work/streams.log" env MALLOC_ARENA_MAX=1 "$build/bin/h3d" demo \
    --listen "127.0.0.1:$port" --workers 1
server=$pid
answers "$port"
here=http://127.0.0.1:$port
echo "bodies of $bytes bytes, clients at ${rate}B/s:"
digest=$(source_bytes | digest_of)
download
upload
echo_through 'echo in chunks' /echo
echo_through 'echo with trailers' /trailers
stall 'a generated answer' "GET /stream-bytes/$bytes HTTP/1.1" 0
stall 'an echo that is still sent' 'POST /echo HTTP/1.1' "$bytes"
stop "$server"
[ "$status" -eq 0 ] || fail "h3d demo ended with status $status"
if grep -E 'CRITICAL|WARNING|ERROR' "$work/streams.log"; then
    fail 'h3d demo complained'
fi
if [ "$failures" -gt 0 ]; then
    echo "streams: $failures failed"
    exit 1
fi
echo 'streams: all passed'
