#!/bin/sh
# SPDX-License-Identifier: MIT
#
# proxy.sh BUILD: h3d as a proxy, beside nginx and HAProxy, in front of one and the same server: what
# it costs the proxy's process to hand on a short answer, and one of 1 MB; connections are kept on
# both sides. Rounds are interleaved; of each number the median is told. The proxy has the first
# processor, client and server behind have the last.
build=${1:-.}
source=$(cd "$(dirname "$0")" && pwd)
name=bench-proxy
. "$source/machine.sh"
need_tools nginx:nginx-core haproxy:haproxy wrk:wrk taskset:util-linux

rounds=${ROUNDS:-5} seconds=${SECONDS_EACH:-4} connections=${CONNECTIONS:-64}
proxies=${PROXIES:-h3d nginx haproxy}
last=$(($(nproc) - 1))
h3d=$build/bin/.libs/h3d
[ -x "$h3d" ] || h3d=$build/bin/h3d
LD_LIBRARY_PATH=$(cd "$build/.libs" && pwd)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH

# fill FILE: a configuration with what is known only now.
fill ()
{
    sed "s/@PORT@/$port/; s/@BEHIND@/$behind/" "$source/$1" >"$work/$1"
}

mkdir "$work/logs" "$work/files"
head -c 1000000 /dev/zero >"$work/files/large"
find_port
fill nginx-behind.conf
launch "$work/behind.log" taskset -c "$last" nginx -e stderr -p "$work" -c "$work/nginx-behind.conf"
behind=$port

# serve PROXY: it is process $pid, listens on $port, and what lies behind it begins at $prefix.
serve ()
{
    find_port
    prefix=
    case $1 in
    h3d)
        prefix=/proxy
        set -- "$1" "$h3d" demo --workers 1 --max-requests 0 --listen "127.0.0.1:$port" \
            --proxy "http://127.0.0.1:$behind"
        ;;
    nginx)
        fill nginx-proxy.conf
        set -- "$1" nginx -e stderr -p "$work" -c "$work/nginx-proxy.conf"
        ;;
    haproxy)
        fill haproxy.cfg
        set -- "$1" haproxy -db -f "$work/haproxy.cfg"
        ;;
    esac
    log=$work/$1.log
    shift
    launch "$log" taskset -c 0 "$@"
}

# wait_for PORT PATH: half a minute at most.
wait_for ()
{
    for _ in $(seq 300); do
        "$build/bench/load" "$1" 1 1 bare "$2" 2>/dev/null && return 0
        sleep 0.1
    done
    echo "$name: nobody answers on port $1" >&2
    cat "$work"/*.log >&2
    exit 1
}

# measure PROXY PID PORT PREFIX: one round.
measure ()
{
    for what in plaintext large; do
        before=$(read_ticks "$2" | awk '{ print $1 + $2 }')
        taskset -c "$last" wrk -t 1 -c "$connections" -d "${seconds}s" --timeout 10s \
            "http://127.0.0.1:$3$4/$what" >"$work/wrk"
        after=$(read_ticks "$2" | awk '{ print $1 + $2 }')
        if grep -E 'Socket errors|Non-2xx' "$work/wrk" >"$work/errors"; then
            echo "$name: $1, $what:$(cat "$work/errors")" >&2
            [ "$1" != h3d ] || exit 1
        fi
        echo "$what $1 $(awk '/^Requests\/sec/ { print $2 }' "$work/wrk") $((after - before)) \
            $(awk '/ requests in / { print $1 }' "$work/wrk")" |
            awk -v hertz="$ticks" '{ print $1, $2, $3, $4 * 1e6 / hertz / $5 }' >>"$work/results"
    done
}

wait_for "$behind" /plaintext
for proxy in $proxies; do
    serve "$proxy"
    eval "${proxy}_pid=$pid ${proxy}_port=$port ${proxy}_prefix=$prefix"
    wait_for "$port" "$prefix/plaintext"
done
for _ in $(seq "$rounds"); do
    for proxy in $proxies; do
        eval "measure $proxy \$${proxy}_pid \$${proxy}_port \$${proxy}_prefix"
    done
done
# nginx is what others are compared with.
sort "$work/results" | awk '
    function middle(values, n,    i, j, value)
    {
        for (i = 2; i <= n; i++) {
            value = values[i]
            for (j = i - 1; j > 0 && values[j] > value; j--)
                values[j + 1] = values[j]
            values[j + 1] = value
        }
        return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
    }
    function close_group()
    {
        if (n == 0)
            return
        key[++groups] = group
        rate[group] = middle(rates, n)
        cost[group] = middle(costs, n)
        n = 0
    }
    { this = $1 " " $2 }
    this != group { close_group(); group = this }
    { rates[++n] = $3 + 0; costs[n] = $4 + 0 }
    END {
        close_group()
        printf "%-10s %-8s %12s %16s %10s\n", "", "", "requests/s", "CPU µs/request", "of nginx"
        for (i = 1; i <= groups; i++) {
            split(key[i], part, " ")
            beside = cost[part[1] " nginx"]
            ratio = beside > 0 ? sprintf("%.2f", cost[key[i]] / beside) : "-"
            printf "%-10s %-8s %12.0f %15.2f %10s\n", part[1], part[2], rate[key[i]], cost[key[i]],
                ratio
        }
    }'
