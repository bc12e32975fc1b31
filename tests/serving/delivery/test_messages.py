"""The webhook and the channel: who is told of what, how often, and signed by whom."""

import json
from datetime import UTC, datetime

import pytest
from editions import edition
from standardwebhooks.webhooks import Webhook as Receiver

from features.errors import SettingError
from serving.delivery.write_back import OLDER, REMEMBERED, write_back

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def hook(declared, vendors, web, tmp_path, monkeypatch):
    """Tells a webhook of a night; the messages that came, each with its headers."""
    monkeypatch.setenv("PINCH_WEBHOOK_SECRET", SECRET)
    destination = declared("webhook", url=f"{vendors.url}/receiver/here")
    vendors.receiver = lambda *_: (204, None)

    def act(night, dry=False):
        vendors.requests.clear()
        report = write_back(night, destination, tmp_path, web, dry)
        came = [(headers, json.loads(body)) for _, _, headers, body in vendors.requests]
        return report, came

    act.destination = destination
    return act


@pytest.fixture
def channel(declared, vendors, web, tmp_path, monkeypatch):
    """Tells a channel of a night; the messages that came."""
    monkeypatch.setenv("CHANNEL", f"{vendors.url}/receiver/of-secrets")
    vendors.receiver = lambda *_: (200, "ok")

    def act(night, to="slack", **said):
        vendors.requests.clear()
        made = declared(to, url="$CHANNEL", **said)
        report = made.deliver(night, tmp_path, web)
        return report, [json.loads(body) for *_, body in vendors.requests]

    return act


def test_those_who_crossed_a_band_are_told_after_a_first_night_that_is_remembered(hook):
    report, came = hook(edition({"a": 0.05, "b": 0.3, "c": 0.3}))
    assert (report.said, came) == (REMEMBERED, [])
    report, came = hook(edition({"a": 0.6, "b": 0.31, "d": 0.1}, day=1))
    assert (report.new, report.changed, report.blank, report.delivered) == (1, 1, 0, 2)
    ((_, message),) = came
    assert message == {
        "type": "accounts.crossed",
        "timestamp": "2026-11-22T00:00:00Z",
        "data": {
            "as_of": "2026-11-22",
            "model_version": "defection-1",
            "accounts": [
                {"account_id": "a", "from": "low", "to": "acute", "risk_90d": 0.6},
                {"account_id": "d", "from": None, "to": "raised", "risk_90d": 0.1},
            ],
        },
    }
    assert hook(edition({"a": 0.6, "b": 0.31, "d": 0.1}, day=1))[1] == []


def test_a_receiver_can_verify_what_came_and_know_it_again(hook, vendors):
    hook(edition({"a": 0.05}))
    vendors.trouble = iter(["loses"])
    hook(edition({"a": 0.6}, day=1))
    first, second = vendors.requests
    assert first[2]["webhook-id"] == second[2]["webhook-id"]
    headers = {name.lower(): value for name, value in second[2].items()}
    assert Receiver(SECRET).verify(second[3], headers)["type"] == "accounts.crossed"


def test_the_signature_is_that_of_the_specification(hook):
    moment = datetime.fromtimestamp(1614265330, UTC)
    signed = Receiver(SECRET).sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", moment, '{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert hook.destination.signed(b"{}", moment)["webhook-timestamp"] == "1614265330"


def test_a_message_has_a_hundred_accounts_at_most(hook):
    many = [f"a{place:03}" for place in range(101)]
    hook(edition(dict.fromkeys(many, 0.05)))
    _, came = hook(edition(dict.fromkeys(many, 0.6), day=1))
    assert [len(message["data"]["accounts"]) for _, message in came] == [100, 1]


def test_a_secret_that_is_none_is_told(hook, monkeypatch):
    hook(edition({"a": 0.05}))
    monkeypatch.setenv("PINCH_WEBHOOK_SECRET", "whsec_x")
    with pytest.raises(SettingError, match="whsec_ and Base64"):
        hook(edition({"a": 0.6}, day=1))


def test_a_channel_is_told_once_of_each_night_by_counts_alone(channel):
    night = edition({"a<1>": 0.6, "b": 0.3, "c": 0.3}, listed=["a<1>"])
    _, came = channel(night, link="https://pinch.example.com/list")
    assert came == [
        {
            "text": "Pinch, 2026-11-21: 3 accounts, 1 on the list; risk: 1 acute, 2 high.\n"
            "https://pinch.example.com/list"
        }
    ]
    assert channel(night)[1] == []
    assert len(channel(edition({"b": 0.3}, day=1))[1]) == 1
    report, came = channel(night)
    assert (report.said, came) == (OLDER, [])


def test_a_channel_is_told_names_where_that_is_set(channel):
    night = edition({"a<1>": 0.6, "b": 0.3}, listed=["b", "a<1>"])
    ((message,),) = [channel(night, names=2)[1]]
    assert message["text"].split("\n")[1:] == [
        "b: high. Call them.",
        "a&lt;1&gt;: acute. Call them.",
    ]


def test_teams_is_sent_a_card(channel):
    _, (message,) = channel(edition({"b": 0.3}), "teams")
    (attached,) = message["attachments"]
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert [block["text"] for block in attached["content"]["body"]] == [
        "Pinch, 2026-11-21: 1 account, 0 on the list; risk: 0 acute, 1 high."
    ]


def test_a_channel_that_refuses_is_told_again_and_its_address_is_no_ones_to_read(
    channel, vendors, caplog
):
    vendors.answers = [(404, {}, None)]
    report, _ = channel(edition({"b": 0.3}))
    assert "127.0.0.1: found the status 404" in report.error
    vendors.trouble = iter(["loses"])
    assert len(channel(edition({"b": 0.3}))[1]) == 2
    assert "of-secrets" not in report.error + caplog.text
