#!/bin/sh
# SPDX-License-Identifier: MIT
#
# bench-sse.sh BUILD: events a second, how long a message takes to many, and memory, of h3d demo.
build=${1:-.}
# Ten thousand streams, and the client has as many.
ulimit -n 20000 || {
    echo "bench-sse: 20,000 descriptors are needed" >&2
    exit 1
}
folder=$(mktemp -d) || exit 1
trap 'kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
mkfifo "$folder/output" || exit 1
# The program itself, not libtool's script: its memory is read by its number.
libtool=$build/libtool
"$libtool" --mode=execute "$build/bin/h3d" demo --listen 127.0.0.1:0 --max-connections 20000 \
    --max-requests 0 >"$folder/output" &
server=$!
read -r line <"$folder/output" || exit 1
"$build/bench/sse-load" "${line##*:}" "$server"
