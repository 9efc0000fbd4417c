# SPDX-License-Identifier: MIT
#
# proxied.py PORT SECONDS [SEED]: clients of a server that hands requests on to others, which die and
# come back. What is answered is right, or 502, 503 or 504; an answer that was begun may be cut, and
# that shows.

import collections, http.client, random, sys, threading, time

port, seconds = int(sys.argv[1]), float(sys.argv[2])
seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 31)
CLIENTS = 24
FAILED = {502, 503, 504}
counts, wrong, lock = collections.Counter(), [], threading.Lock()


def choose(chance):
    """Method, target, body, and what the body of the answer must be (None: not known)."""
    kind = chance.randrange(6)
    if kind == 0:
        return "GET", "/proxy/plaintext", None, b"Hello, World!"
    if kind == 1:
        return "GET", "/proxy/proxy/plaintext", None, None
    if kind == 2:
        return "GET", "/proxy/stream/20", None, None
    if kind == 3:
        return "GET", f"/fetch?url=http://127.0.0.1:{port}/proxy/plaintext", None, None
    body = chance.randbytes(chance.choice([0, 1, 1000, 100_000, 1_000_000]))
    if kind == 4:
        return "POST", "/proxy/echo", body, body
    # A body without a length.
    return "POST", "/proxy/echo", (body[i:i + 30_000] for i in range(0, len(body), 30_000)), body


def ask(connection, chance):
    """What became of it; the connection is kept, or closed."""
    method, target, body, expected = choose(chance)
    try:
        connection.request(method, target, body=body)
        answer = connection.getresponse()
        got = answer.read()
    except http.client.IncompleteRead:
        return "cut"
    except (http.client.HTTPException, ConnectionError):
        # Answered before all was sent, or cut before the head had left.
        return "closed"
    if answer.will_close:
        connection.close()
    if answer.status in FAILED:
        return answer.status
    if answer.status != 200 or (expected is not None and got != expected):
        with lock:
            wrong.append(f"{method} {target}: {answer.status}, {len(got)} bytes: {got[:200]}")
    return answer.status


def run(number, until):
    chance = random.Random(seed * 1000 + number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    while time.monotonic() < until:
        try:
            result = ask(connection, chance)
        except Exception as error:
            result = type(error).__name__
            with lock:
                wrong.append(f"{result}: {error}")
        if result in ("cut", "closed") or chance.randrange(50) == 0:
            connection.close()
        with lock:
            counts[str(result)] += 1
    connection.close()


print(f"seed {seed}")
until = time.monotonic() + seconds
threads = [threading.Thread(target=run, args=(number, until)) for number in range(CLIENTS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(", ".join(f"{name}: {n}" for name, n in sorted(counts.items())))
if wrong:
    print(f"{len(wrong)} wrong, the first:", *wrong[:5], sep="\n")
sys.exit(1 if wrong or counts["200"] == 0 else 0)
