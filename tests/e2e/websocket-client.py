# SPDX-License-Identifier: MIT
#
# What check-websocket-client has Python's websockets do with h3d demo at the address given.
import asyncio, os, sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

ADDRESS = sys.argv[1]
# What stands before every path: where a proxy is.
PREFIX = sys.argv[2] if len(sys.argv) > 2 else ""
DEFLATES = [
    {"client_max_window_bits": True},
    {"server_no_context_takeover": True},
    {"client_no_context_takeover": True},
    {"server_no_context_takeover": True, "client_no_context_takeover": True},
    {"server_max_window_bits": 9},
    {"server_max_window_bits": 15, "client_max_window_bits": 9},
]
# A test that hangs fails: generous, for machines under load and sanitizers.
PATIENCE = 300
SIZES = [0, 1, 125, 126, 127, 4095, 4096, 4097, 65535, 65536, 65537, 1 << 20]
LARGEST = 16 << 20


def connect(path="/websocket/echo", **more):
    more.setdefault("max_size", None)
    more.setdefault("compression", None)
    more.setdefault("ping_interval", None)
    return websockets.connect("ws://" + ADDRESS + PREFIX + path, **more)


async def echo_sizes(**more):
    async with connect(**more) as socket:
        for size in SIZES:
            data = os.urandom(size)
            await socket.send(data)
            assert await socket.recv() == data, size
            text = "é€😀x" * (size // 10)
            await socket.send(text)
            assert await socket.recv() == text, size


async def echo_largest(**more):
    async with connect(**more) as socket:
        data = bytes(LARGEST)
        await socket.send(data)
        assert await socket.recv() == data
        try:
            await socket.send(data + b"x")
            await socket.recv()
            assert False, "a message of more than 16 MiB was answered"
        except websockets.exceptions.ConnectionClosedError as error:
            assert error.rcvd.code == 1009, error.rcvd


async def echo_fragments():
    async with connect() as socket:
        await socket.send(str(i) * (i % 7) for i in range(10000))
        assert await socket.recv() == "".join(str(i) * (i % 7) for i in range(10000))


async def ping_between():
    async with connect() as socket:
        answer = await socket.ping(b"are you there")
        await socket.send("one")
        assert await socket.recv() == "one"
        await answer


async def close_politely():
    async with connect() as socket:
        await socket.close(4321, "grüß Gott")
        assert socket.close_code == 4321, socket.close_code


async def agree_on_protocol():
    async with connect(subprotocols=["other", "echo.h3"]) as socket:
        assert socket.subprotocol == "echo.h3"
    async with connect(subprotocols=["other"]) as socket:
        assert socket.subprotocol is None


async def refuse(status, path="/websocket/echo", **more):
    try:
        async with connect(path, **more):
            assert False, "it was taken"
    except websockets.exceptions.InvalidStatusCode as error:
        assert error.status_code == status, error.status_code


async def check_origins():
    await refuse(403, origin="http://elsewhere.example")
    await refuse(403, origin="null")
    async with connect(origin="http://" + ADDRESS) as socket:
        await socket.send("mine")
        assert await socket.recv() == "mine"


def deflating(more):
    return {"extensions": [ClientPerMessageDeflateFactory(**more)]}


async def echo_deflated(more):
    async with connect(**deflating(more)) as socket:
        assert len(socket.extensions) == 1, "no compression was agreed on"
        for i in range(200):
            text = '{"number": %d, "text": "the same as ever, the same as ever"}' % i
            await socket.send(text)
            assert await socket.recv() == text
        await socket.send("fragment %d, " % i for i in range(1000))
        assert await socket.recv() == "".join("fragment %d, " % i for i in range(1000))


async def chat():
    sockets = [await connect("/websocket/chat") for i in range(5)]
    for i in range(100):
        await sockets[i % 5].send("message %d" % i)
        for socket in sockets:
            assert await socket.recv() == "message %d" % i
    await sockets[0].send(b"\xff\xfe")
    for socket in sockets:
        assert await socket.recv() == b"\xff\xfe"
        await socket.close()


async def one_of_many(number):
    async with connect() as socket:
        for i in range(50):
            text = "%d of %d" % (i, number)
            await socket.send(text)
            assert await socket.recv() == text


async def pipelined():
    async with connect() as socket:

        async def send():
            for i in range(1000):
                await socket.send("%d" % i * (i % 100))

        sending = asyncio.ensure_future(send())
        for i in range(1000):
            assert await socket.recv() == "%d" % i * (i % 100), i
        await sending


async def all_of_it():
    await echo_sizes()
    await echo_largest()
    for deflate in DEFLATES:
        await echo_deflated(deflate)
        await echo_sizes(**deflating(deflate))
    await echo_largest(**deflating({}))
    await chat()
    await echo_fragments()
    await ping_between()
    await close_politely()
    await agree_on_protocol()
    await check_origins()
    await refuse(404, "/websocket/nowhere")
    await pipelined()
    await asyncio.gather(*(one_of_many(number) for number in range(40)))


asyncio.run(asyncio.wait_for(all_of_it(), PATIENCE))
