#!/bin/sh
# SPDX-License-Identifier: MIT
#
# soak.sh BUILD [load|slow|descriptors|tls|proxy]…: has h3d demo bear what servers meet in the long run,
# and says whether it did; all five where none is named. docs/soak.md says what each proves. 'make
# soak' runs it.
build=${1:-.}
source=$(cd "$(dirname "$0")" && pwd)
seconds=${SOAK_SECONDS:-600}
seed=${SOAK_SEED:-}
python=/usr/bin/python3
name=soak
. "$source/../../bench/machine.sh"
test $# -gt 0 && shift
failures=0

fail ()
{
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# With two processors or more, servers have one and clients another.
on_server_cpu=
on_client_cpu=
if [ "$(nproc)" -ge 2 ]; then
    on_server_cpu='taskset -c 0'
    on_client_cpu='taskset -c 1'
fi

# start_demo LOG [OPTION…]: it is process $pid and listens on $port. What is freed goes back to the
# system at once, so that resident memory is what the server holds, not what malloc keeps by it.
start_demo ()
{
    find_port
    log=$work/$1
    shift
    # shellcheck disable=SC2086
    launch "$log" env MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=65536 \
        MALLOC_TRIM_THRESHOLD_=65536 MALLOC_TOP_PAD_=0 $on_server_cpu "$build/bin/h3d" demo \
        --listen "http://127.0.0.1:$port" --workers 2 "$@"
    answers "$port"
}

# end_demo PID LOG: it ends well, and has complained of nothing.
end_demo ()
{
    stop "$1"
    [ "$status" -eq 0 ] || fail "h3d demo ended with status $status"
    if grep -E 'CRITICAL|WARNING|ERROR' "$work/$2" >"$work/complaints"; then
        fail "h3d demo complained, $(wc -l <"$work/complaints") times; first:"
        head -5 "$work/complaints"
    fi
}

soak_load ()
{
    echo "A mixed load for $seconds s:"
    start_demo control.log
    control_pid=$pid
    control_port=$port
    start_demo soaked.log
    soaked_pid=$pid
    # shellcheck disable=SC2086
    $on_client_cpu timeout $((seconds * 2 + 300)) "$build/tests/soak/soak-client" \
        --port "$port" --pid "$soaked_pid" --control-port "$control_port" \
        --seconds "$seconds" --wrk "$(command -v wrk)" ${seed:+--seed "$seed"} &
    client_pid=$!
    started="$started $client_pid"
    wait "$client_pid" || fail "the load was not borne"
    stop "$client_pid"
    end_demo "$soaked_pid" soaked.log
    end_demo "$control_pid" control.log
}

# attack WHAT PATH OPTION…: slowhttptest with more connections than the server takes, and a client as
# they should be.
attack ()
{
    what=$1
    path=$2
    shift 2
    start_demo slow.log --max-connections 256
    slow_pid=$pid
    # shellcheck disable=SC2086
    launch "$work/slowhttptest" $on_client_cpu timeout 60 slowhttptest -c 1000 -r 200 -l 15 \
        "$@" -u "http://127.0.0.1:$port$path" -v 1
    attack_pid=$pid
    printf '%s: ' "$what"
    "$build/tests/soak/regular" "$port" 16 || fail "$what kept others out"
    await 60 "$attack_pid" || fail "slowhttptest did not end"
    stop "$attack_pid"
    [ "$status" -eq 0 ] || fail "slowhttptest ended with status $status: $(tail -3 "$work/slowhttptest")"
    end_demo "$slow_pid" slow.log
    grep -q 'to make room' "$work/slow.log" || echo "(the bound was not reached)"
}

soak_slow ()
{
    echo "1000 slow connections where 256 are taken, and one client as they should be:"
    attack 'slow heads' / -H -i 2
    attack 'slow bodies' /post -B -i 2 -s 8192
    attack 'slow bodies, streamed' /echo -B -i 2 -s 8192
    attack 'slow bodies, refused' /plaintext -B -i 2 -s 8192
    attack 'slow reading' / -X -n 2 -w 1 -y 20 -z 8 -k 10
    attack 'ranges' /plaintext -R
}

# rest_under SECONDS PID: it takes less than 0.1 s of processor time meanwhile.
rest_under ()
{
    before=$(read_ticks "$2")
    sleep "$1"
    used=$(echo "$before $(read_ticks "$2")" |
        awk -v ticks="$ticks" '{ printf "%.2f", ($3 + $4 - $1 - $2) / ticks }')
    echo "processor time in $1 s: $used s"
    awk -v used="$used" 'BEGIN { exit used >= 0.1 }' || fail "the server spins"
}

# flood LIMIT: 300 clients of a server that has so many descriptors.
flood ()
{
    launch "$work/held" "$build/tests/soak/hold" "$port" 300
    hold_pid=$pid
    for _ in $(seq 100); do
        grep -q open "$work/held" && break
        sleep 0.1
    done
    grep -q open "$work/held" || fail "not all clients could connect"
    printf '300 clients, %s descriptors, ' "$1"
    rest_under 3 "$flooded_pid"
    stop "$hold_pid"
    # Until those who have gone are off its hands it may refuse.
    answers "$port"
    "$build/tests/soak/regular" "$port" 1 || fail "the server does not recover"
}

soak_descriptors ()
{
    echo "More clients than descriptors:"
    hard=$(ulimit -H -n)
    ulimit -S -n 64
    start_demo descriptors.log
    flooded_pid=$pid
    ulimit -S -n "$hard"
    prlimit --pid "$flooded_pid" --nofile=64:64
    flood 64
    # Fewer than it has reckoned with: accepting fails.
    prlimit --pid "$flooded_pid" --nofile=36:36
    flood 36
    end_demo "$flooded_pid" descriptors.log
}

# crowd SECONDS: clients by TLS, beside a load of those that behave.
crowd ()
{
    # shellcheck disable=SC2086
    launch "$work/wrk" $on_client_cpu timeout $((($1) * 2 + 60)) wrk -t1 -c32 -d"$1" --timeout 30s \
        "https://127.0.0.1:$port/plaintext"
    wrk_pid=$pid
    # shellcheck disable=SC2086
    $on_client_cpu timeout $((($1) * 2 + 300)) "$build/tests/soak/tls-crowd" "$port" "$tls_pid" "$1" \
        ${seed:+"$seed"} || fail "clients by TLS were answered wrongly"
    await $((($1) + 60)) "$wrk_pid" || fail "wrk did not end"
    grep -q 'requests in' "$work/wrk" || fail "wrk was not served"
    if grep -E 'Socket errors|Non-2xx' "$work/wrk"; then
        fail "wrk was answered wrongly"
    fi
    stop "$wrk_pid"
}

# count_descriptors PID
count_descriptors ()
{
    ls "/proc/$1/fd" | wc -l
}

soak_tls ()
{
    part=$((seconds / 4 + 1))
    echo "TLS for $((4 * part)) s, with a reload for every fiftieth client:"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
        -subj /CN=localhost -keyout "$work/server.key" -out "$work/server.pem" 2>"$work/openssl" ||
        fail "no certificate: $(cat "$work/openssl")"
    start_demo tls.log --tls-certificate "$work/server.pem" --tls-key "$work/server.key" \
        --listen https://127.0.0.1:0
    tls_pid=$pid
    port=$(sed -n 's/^Listening on https:.*://p' "$work/tls.log")
    crowd "$part"
    sleep 8 # what lingers has gone
    descriptors=$(count_descriptors "$tls_pid")
    resident=$(read_resident "$tls_pid")
    for _ in 1 2 3; do
        crowd "$part"
    done
    sleep 8
    echo "resident: $resident KiB, then $(read_resident "$tls_pid") KiB;" \
        "descriptors: $descriptors, then $(count_descriptors "$tls_pid")"
    [ "$(count_descriptors "$tls_pid")" -le "$descriptors" ] || fail "descriptors are left"
    [ "$(read_resident "$tls_pid")" -le $((resident + 2048)) ] || fail "memory grows"
    end_demo "$tls_pid" tls.log
}

# begin_behind N: the N-th server behind, on its own port, is process $pid; also one that died.
begin_behind ()
{
    eval "port=\$behind_port_$1"
    launch "$work/behind-$1.log" "$build/bin/h3d" demo --listen "http://127.0.0.1:$port" --workers 1
    eval "behind_$1=$pid"
}

# kill_behind N
kill_behind ()
{
    eval "pid=\$behind_$1"
    kill -KILL "$pid"
    stop "$pid"
}

# hand_on SECONDS: clients of the proxy, while the servers behind it die and come back in turn, each
# within what a client is made to wait.
hand_on ()
{
    # shellcheck disable=SC2086
    launch "$work/proxied" $on_client_cpu timeout $((($1) * 2 + 300)) "$python" \
        "$source/proxied.py" "$proxy_port" "$1" $seed
    crowd_pid=$pid
    next=1
    while is_running "$crowd_pid"; do
        kill_behind $next
        sleep 1
        begin_behind $next
        sleep 1
        next=$((next % 3 + 1))
    done
    stop "$crowd_pid"
    sed 's/^/    /' "$work/proxied"
    [ "$status" -eq 0 ] || fail "what was handed on was answered wrongly"
}

# weigh_proxy: $descriptors and $resident, when nothing is under way and no server behind lives, so that
# no connection to one is kept.
weigh_proxy ()
{
    for i in 1 2 3; do
        kill_behind $i
    done
    sleep 8 # what lingers has gone
    descriptors=$(count_descriptors "$proxy_pid")
    resident=$(read_resident "$proxy_pid")
    for i in 1 2 3; do
        begin_behind $i
    done
    for i in 1 2 3; do
        eval "answers \$behind_port_$i"
    done
}

soak_proxy ()
{
    part=$((seconds / 4 + 1))
    echo "Servers behind a proxy that die and come back, for $((4 * part)) s:"
    urls=
    for i in 1 2 3; do
        find_port
        eval "behind_port_$i=$port"
        urls="$urls --proxy http://127.0.0.1:$port"
        begin_behind $i
        answers "$port"
    done
    # shellcheck disable=SC2086
    start_demo proxy.log $urls
    proxy_pid=$pid
    proxy_port=$port
    hand_on "$part"
    weigh_proxy
    before="$resident KiB, $descriptors descriptors"
    most_resident=$((resident + 2048))
    most_descriptors=$descriptors
    for _ in 1 2 3; do
        hand_on "$part"
    done
    weigh_proxy
    echo "the proxy: $before, then $resident KiB, $descriptors"
    [ "$descriptors" -le "$most_descriptors" ] || fail "descriptors are left"
    [ "$resident" -le "$most_resident" ] || fail "memory grows"
    end_demo "$proxy_pid" proxy.log
    for i in 1 2 3; do
        eval "end_demo \$behind_$i behind-$i.log"
    done
}

need_tools openssl:openssl wrk:wrk slowhttptest:slowhttptest taskset:util-linux prlimit:util-linux
for part in "${@:-all}"; do
    case $part in
    load) soak_load ;;
    slow) soak_slow ;;
    descriptors) soak_descriptors ;;
    tls) soak_tls ;;
    proxy) soak_proxy ;;
    all)
        soak_descriptors
        soak_slow
        soak_tls
        soak_proxy
        soak_load
        ;;
    *)
        echo "soak.sh: there is no '$part'" >&2
        exit 1
        ;;
    esac
done
if [ "$failures" -gt 0 ]; then
    echo "soak: $failures failed"
    exit 1
fi
echo "soak: all passed"
