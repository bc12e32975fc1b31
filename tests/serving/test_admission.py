"""Admission: one request too many comes again later, and one that takes too long is dropped."""

import asyncio
import json

from serving.endpoint.admission import Admitted


async def ask(app, path="/predict", method="POST"):
    """The status and the headers of an answer."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "method": method, "headers": []}
    await app(scope, None, send)
    return sent[0]["status"], dict(sent[0]["headers"]), json.loads(sent[1]["body"])


class Slow:
    """A service that answers when it is told to."""

    def __init__(self):
        self.go, self.begun, self.dropped = asyncio.Event(), 0, 0

    async def __call__(self, scope, receive, send):
        self.begun += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.dropped += 1
            raise
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


def test_no_more_than_so_many_are_under_way_and_the_next_comes_again_later():
    async def crowd():
        slow = Slow()
        app = Admitted(slow, 3, 60.0)
        asked = [asyncio.create_task(ask(app)) for _ in range(5)]
        await asyncio.sleep(0.01)
        assert slow.begun == 3
        health = asyncio.create_task(ask(app, "/livez", "GET"))
        scrape = asyncio.create_task(ask(app, "/metrics", "GET"))
        await asyncio.sleep(0.01)
        slow.go.set()
        answers = [await one for one in asked]
        assert (await health)[0] == (await scrape)[0] == 200
        later = await ask(app)
        return answers, later

    answers, later = asyncio.run(crowd())
    assert [status for status, _, _ in answers] == [200, 200, 200, 503, 503]
    assert answers[4][1][b"retry-after"] == b"1"
    assert "3 requests under way" in answers[4][2]["detail"]
    assert later[0] == 200


def test_one_that_takes_too_long_is_dropped_and_its_place_is_free_again():
    async def wait():
        slow = Slow()
        app = Admitted(slow, 1, 0.05)
        late = await ask(app)
        slow.go.set()
        return slow, late, await ask(app)

    slow, late, next_one = asyncio.run(wait())
    assert (late[0], late[1][b"retry-after"]) == (503, b"1")
    assert "0.05 seconds" in late[2]["detail"]
    assert (slow.dropped, next_one[0]) == (1, 200)
