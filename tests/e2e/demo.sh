# SPDX-License-Identifier: MIT
#
# Sourced by tests with other programs' clients: h3d demo on a port of its own.

. "${top_srcdir:-.}/tests/support/gio-threads.sh"

# start_demo [OPTION…]: sets address, and folder for files of the test. FALSE, after saying why, where
# it does not start.
start_demo() {
    folder=$(mktemp -d) || return 1
    mkfifo "$folder/output" || return 1
    "${top_builddir:-.}/bin/h3d" demo --listen 127.0.0.1:0 "$@" >"$folder/output" &
    demo=$!
    read -r line <"$folder/output" || {
        echo "h3d demo did not start"
        return 1
    }
    address=${line#Listening on http*://}
    echo "h3d demo at $address"
}

# FALSE unless it ends well.
stop_demo() {
    kill "$demo"
    wait "$demo"
    ended=$?
    rm -rf "$folder"
    test $ended -eq 0 || echo "h3d demo ended with status $ended"
    return $ended
}
