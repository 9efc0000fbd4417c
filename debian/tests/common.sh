# SPDX-License-Identifier: MIT
# What the tests share. They begin in a folder of their own; what they started is ended with them.
# shellcheck shell=sh

folder=$(mktemp -d) || exit 1
server=
finish ()
{
    test -z "$server" || kill "$server" 2>/dev/null || :
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

fail ()
{
    echo "FAIL: $*"
    test ! -s "$folder/log" || sed 's/^/    /' "$folder/log"
    exit 1
}

# start COMMAND…: until it says where it listens, which is $address then.
start ()
{
    # Emptied here, not when the program's process comes to it: what an earlier one said is not read.
    : >"$folder/log"
    "$@" >>"$folder/log" 2>&1 &
    server=$!
    until address=$(sed -n 's,^Listening on http://,,p' "$folder/log" | head -n 1) &&
        test -n "$address"; do
        kill -0 "$server" 2>/dev/null || fail "$1 ended instead of listening"
        sleep 0.1
    done
}

# stop: by SIGTERM, and it is well.
stop ()
{
    kill "$server"
    wait "$server" || fail "it ended with status $?"
    server=
}

ask ()
{
    curl -q --noproxy '*' -sS --max-time 60 "$@" || fail "curl $*: status $?"
}
# expect PATTERN ARGUMENT…: what curl shows is like that.
expect ()
{
    wanted=$1
    shift
    answer=$(ask "$@")
    # shellcheck disable=SC2254 # it is a pattern
    case $answer in
    $wanted) echo "ok: curl $*" ;;
    *) fail "curl $*: $answer" ;;
    esac
}
