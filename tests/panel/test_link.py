"""The panel's end of the wire, against a desk that is there, goes, freezes and comes back."""

import asyncio
import json
import logging
from contextlib import asynccontextmanager
from time import monotonic

import pytest
from websockets.asyncio.server import serve

from stagectl.desk.port import Port
from stagectl.engine.event import Fired, Refused
from stagectl.engine.intent import Go
from stagectl.engine.plain import to_plain
from stagectl.engine.snapshot import Snapshot
from stagectl.panel import link
from stagectl.panel.link import Gone, Heard, Hello, Levels, Reply, UnsentError, Wire
from stagectl.panel.playbill import Playbill
from tests.panel import snapshots

TOKEN = "canary-7f3a"
DEADLINE = 10.0


class Desk:
    """As much of a desk as a panel's wire can tell, and a tap to freeze it."""

    def __init__(self):
        self.heard = []
        self.frozen = asyncio.Event()
        self.port = 0
        self.go = lambda: asyncio.sleep(0)
        self.address = ""

    async def meet(self, socket):
        self.socket = socket
        hello = json.loads(await socket.recv())
        self.heard.append(hello)
        if hello["token"] != TOKEN:
            await socket.close(4401, "token")
            return
        await self.say(socket, {"hello": {"by": "touchscreen 2", "role": "operate"}})
        await self.say(socket, {"book": snapshots.plain_book()})
        await self.say(socket, {"snapshot": to_plain(snapshots.live())})
        if self.frozen.is_set():
            socket.transport.pause_reading()  # as a process that is stopped: no pong, no goodbye
        async for text in socket:
            letter = json.loads(text)
            self.heard.append(letter)
            if "intent" in letter:
                await self.say(socket, {"reply": letter["intent"]["id"], "ok": True, "why": ""})

    @staticmethod
    async def say(socket, plain):
        await socket.send(json.dumps(plain))


@asynccontextmanager
async def desk(port=0):
    it = Desk()
    async with serve(it.meet, "127.0.0.1", port, close_timeout=0.2) as server:
        it.go = lambda: _end(server)
        it.port = server.sockets[0].getsockname()[1]
        it.address = f"ws://127.0.0.1:{it.port}"
        yield it


async def _end(server):
    server.close()
    await server.wait_closed()


class Ear:
    """Collects what a wire yields, and waits for one kind of it."""

    def __init__(self, wire):
        self.heard: asyncio.Queue[Heard] = asyncio.Queue()
        self.task = asyncio.create_task(self._listen(wire))

    async def _listen(self, wire):
        async for heard in wire.listen():
            self.heard.put_nowait(heard)

    async def wait_for(self, kind):
        async with asyncio.timeout(DEADLINE):
            while True:
                heard = await self.heard.get()
                if isinstance(heard, kind):
                    return heard

    async def close(self):
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await self.task


@asynccontextmanager
async def ear(wire):
    it = Ear(wire)
    try:
        yield it
    finally:
        await it.close()


async def test_a_panel_says_its_token_first_and_hears_the_show():
    async with desk() as it, ear(Wire(it.address, TOKEN, "touchscreen")) as panel:
        assert await panel.wait_for(Hello) == Hello("touchscreen 2", "operate")
        assert await panel.wait_for(Playbill) == snapshots.debate()
        assert await panel.wait_for(Snapshot) == snapshots.live()
        assert it.heard[0] == {"token": TOKEN, "by": "touchscreen"}


async def test_levels_are_asked_for_and_heard_and_nothing_else_is_asked():
    async with desk() as it:
        wire = Wire(it.address, TOKEN, "touchscreen")
        async with ear(wire) as panel:
            await panel.wait_for(Snapshot)
            await wire.levels(True)
            await it.say(it.socket, {"levels": {"mixer.guest": -23.5}})
            assert await panel.wait_for(Levels) == Levels({"mixer.guest": -23.5})
            await wire.levels(False)
            await wire.send(Go(expect="4"))
            await panel.wait_for(Reply)
            assert it.heard[1:3] == [{"levels": True}, {"levels": False}]


async def test_a_desk_that_comes_back_is_asked_for_levels_again():
    async with desk() as it:
        wire = Wire(it.address, TOKEN, "touchscreen")
        async with ear(wire) as panel:
            await panel.wait_for(Snapshot)
            await wire.levels(True)
            await it.go()
            await panel.wait_for(Gone)
            async with desk(it.port) as again:
                await panel.wait_for(Snapshot)
                await again.say(again.socket, {"levels": {"mixer.guest": -1.0}})
                await panel.wait_for(Levels)
                assert again.heard[1] == {"levels": True}


async def test_levels_wished_for_while_there_is_no_desk_are_asked_for_when_there_is():
    wire = Wire("ws://127.0.0.1:9", TOKEN, "touchscreen")
    await wire.levels(True)
    async with desk() as it:
        wire = Wire(it.address, TOKEN, "touchscreen")
        await wire.levels(True)
        async with ear(wire) as panel:
            await panel.wait_for(Snapshot)
            await wire.send(Go(expect="4"))
            await panel.wait_for(Reply)
            assert it.heard[1] == {"levels": True}


@pytest.mark.parametrize("levels", [None, [], "loud", 3])
async def test_levels_that_are_none_are_passed_over(levels):
    async with desk() as it, ear(Wire(it.address, TOKEN, "touchscreen")) as panel:
        await panel.wait_for(Snapshot)
        await it.say(it.socket, {"levels": levels})
        await it.say(it.socket, {"reply": "x", "ok": True})
        assert isinstance(await panel.wait_for((Levels, Reply, Gone)), Reply)


async def test_an_intent_is_answered_by_its_id():
    async with desk() as it:
        wire = Wire(it.address, TOKEN, "touchscreen")
        async with ear(wire) as panel:
            await panel.wait_for(Snapshot)
            first, second = await wire.send(Go(expect="4")), await wire.send(Go(expect="5"))
            assert first != second
            assert await panel.wait_for(Reply) == Reply(first, ok=True)
            assert it.heard[1]["intent"]["type"] == "Go"
            assert it.heard[1]["intent"]["expect"] == "4"


async def test_a_wrong_token_is_told_as_such():
    async with desk() as it, ear(Wire(it.address, "wrong", "touchscreen")) as panel:
        assert await panel.wait_for(Gone) == Gone("refused")


async def test_a_desk_that_freezes_is_gone_within_two_seconds():
    async with desk() as it:
        it.frozen.set()
        wire = Wire(it.address, TOKEN, "touchscreen")
        async with ear(wire) as panel:
            await panel.wait_for(Snapshot)
            since = monotonic()
            assert await panel.wait_for(Gone) == Gone("lost")
            assert monotonic() - since <= 2.0
            with pytest.raises(UnsentError):
                await wire.send(Go())


async def test_a_desk_that_answers_its_door_and_draws_nothing_is_stuck_until_it_draws_again():
    async with desk() as it:
        wire = Wire(it.address, TOKEN, "touchscreen")
        async with ear(wire) as panel:
            await panel.wait_for(Snapshot)
            since = monotonic()
            assert await panel.wait_for(Gone) == Gone("lost")
            assert monotonic() - since > link.SILENCE * 2  # its pongs kept it alive till then
            with pytest.raises(UnsentError):
                await wire.send(Go())
            await it.say(it.socket, {"snapshot": to_plain(snapshots.stopped())})
            assert await panel.wait_for(Snapshot) == snapshots.stopped()
            await wire.send(Go())
            assert (await panel.wait_for(Reply)).ok
            assert len([h for h in it.heard if "token" in h]) == 1  # it never hung up


async def test_a_desk_that_dies_is_gone_at_once_and_found_again_when_it_is_back():
    async with desk() as first:
        wire = Wire(first.address, TOKEN, "touchscreen")
        async with ear(wire) as panel:
            await panel.wait_for(Hello)
            await first.go()
            assert await panel.wait_for(Gone) == Gone("lost")
            with pytest.raises(UnsentError):
                await wire.send(Go())
            async with desk(first.port):
                await panel.wait_for(Snapshot)
                await wire.send(Go())
                assert (await panel.wait_for(Reply)).ok


async def test_a_desk_that_came_back_elsewhere_is_looked_up():
    async with desk() as second:
        found = []

        def find():
            found.append(1)
            return second.address, TOKEN

        nobody = "ws://127.0.0.1:1"
        async with ear(Wire(nobody, "old", "touchscreen", find)) as panel:
            assert await panel.wait_for(Gone) == Gone("connecting")
            await panel.wait_for(Hello)
            assert found


async def test_a_message_of_nonsense_is_a_lost_desk_and_not_a_dead_panel():
    async with desk() as it:
        it.say = lambda socket, _plain: socket.send('{"snapshot": {"phase": "dancing"}}')
        async with ear(Wire(it.address, TOKEN, "touchscreen")) as panel:
            await panel.wait_for(Gone)
            await panel.wait_for(Gone)
            assert not panel.task.done()


async def test_the_token_is_in_no_log_at_any_level(caplog):
    caplog.set_level(logging.DEBUG)
    async with desk() as it, ear(Wire(it.address, TOKEN, "touchscreen")) as panel:
        await panel.wait_for(Hello)
    ours = [r for r in caplog.records if r.name.startswith("stagectl")]
    assert not [r for r in ours if TOKEN in r.getMessage()]


async def test_the_real_panel_port_and_this_end_understand_each_other():
    def ask(intent, reply):
        if intent.expect == "4":
            reply((Fired(at=1.0, by=intent.by, cue="4"),))
        else:
            reply((Refused(at=1.0, by=intent.by, what="Go", why="stale", cue=intent.expect),))

    book = json.dumps(snapshots.plain_book()).encode()
    server = Port(ask, book, {TOKEN: "operate"})
    address = server.start()
    try:
        server.publish(snapshots.live())
        wire = Wire(address, TOKEN, "touchscreen")
        async with ear(wire) as panel:
            assert await panel.wait_for(Hello) == Hello("touchscreen", "operate")
            assert await panel.wait_for(Playbill) == snapshots.debate()
            assert await panel.wait_for(Snapshot) == snapshots.live()
            await wire.send(Go(expect="4"))
            assert (await panel.wait_for(Reply)).ok
            await wire.send(Go(expect="3"))
            assert (await panel.wait_for(Reply)).why == "stale"
    finally:
        await asyncio.to_thread(server.close)
