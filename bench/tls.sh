#!/bin/sh
# SPDX-License-Identifier: MIT
#
# tls.sh BUILD: what TLS costs h3d demo, beside nginx: a handshake, whole and resumed, each with one
# request; a request on a connection that there is; a large answer. Rounds are interleaved; of each
# number the median is told. The server has the first processor, the client the last.
build=${1:-.}
name=bench-tls
. "$(dirname "$0")/machine.sh"
need_tools openssl:openssl nginx:nginx-core wrk:wrk taskset:util-linux

rounds=${ROUNDS:-5} count=${COUNT:-2000} seconds=${SECONDS_EACH:-5}
last=$(($(nproc) - 1))

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost \
    -keyout "$work/server.key" -out "$work/server.pem" 2>/dev/null || exit 1
mkdir "$work/files"
head -c 1000000 /dev/zero >"$work/files/large"

find_port
h3d_port=$port
launch "$work/h3d.log" taskset -c 0 "$build/bin/h3d" demo --workers 1 --max-requests 0 \
    --listen "127.0.0.1:$h3d_port" --static "$work/files" --tls-certificate "$work/server.pem" --tls-key "$work/server.key"
h3d=$pid
find_port
nginx_port=$port
mkdir "$work/logs"
sed "s/@PORT@/$nginx_port/" "$(dirname "$0")/nginx-tls.conf" >"$work/nginx.conf"
launch "$work/nginx.log" taskset -c 0 nginx -p "$work" -c "$work/nginx.conf"
nginx=$pid

# cpu PID: ticks so far.
cpu ()
{
    read_ticks "$1" | awk '{ print $1 + $2 }'
}

# note SERVER WHAT RATE TICKS OPERATIONS: a line of the results.
note ()
{
    echo "$@" | awk -v hertz="$ticks" \
        '{ printf "%s %s %.0f %.1f\n", $1, $2, $3, $4 * 1e6 / hertz / $5 }' >>"$work/results"
}

# measure SERVER PID PORT: one round.
measure ()
{
    for what in full resumed; do
        before=$(cpu "$2")
        rate=$(taskset -c "$last" "$build/bench/tls-load" "$3" $what "$count") || exit 1
        note "$1" $what "$rate" $(($(cpu "$2") - before)) "$count"
    done
    for path in /plaintext /static/large; do
        before=$(cpu "$2")
        taskset -c "$last" wrk -t 1 -c 64 -d "$seconds" "https://127.0.0.1:$3$path" \
            >"$work/wrk" || exit 1
        after=$(cpu "$2")
        note "$1" "$path" "$(awk '/^Requests\/sec/ { print $2 }' "$work/wrk")" \
            $((after - before)) "$(awk '/ requests in / { print $1 }' "$work/wrk")"
    done
}

for port in $h3d_port $nginx_port; do
    for attempt in $(seq 100); do
        "$build/bench/tls-load" "$port" full 1 >/dev/null 2>&1 && break
        test "$attempt" -lt 100 || { cat "$work"/*.log; exit 1; }
        sleep 0.1
    done
done
for _ in $(seq "$rounds"); do
    measure h3d $h3d $h3d_port
    measure nginx $nginx $nginx_port
done
sort "$work/results" | awk '
    function told()
    {
        if (n > 0)
            printf "%-6s %-15s %9.0f a second, %8.1f us of the server each\n", server, what,
                middle(rates, n), middle(costs, n)
        n = 0
    }
    function middle(values, n,    i, j, value)
    {
        for (i = 2; i <= n; i++) {
            value = values[i]
            for (j = i - 1; j > 0 && values[j] > value; j--)
                values[j + 1] = values[j]
            values[j + 1] = value
        }
        return values[int ((n + 1) / 2)]
    }
    $1 != server || $2 != what { told(); server = $1; what = $2 }
    { rates[++n] = $3; costs[n] = $4 }
    END { told() }'
echo "memory: h3d $(read_resident $h3d) KiB, nginx $(read_resident $nginx) KiB"
