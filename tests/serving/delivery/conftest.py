"""The systems that nights are delivered to, and how they are declared."""

import pytest
from vendors import running

from serving.delivery.destinations import destinations
from serving.delivery.web import Web


@pytest.fixture(scope="session")
def _servers():
    with running() as vendors:
        yield vendors


@pytest.fixture
def vendors(_servers, monkeypatch):
    """Salesforce, HubSpot and Zendesk, which have nothing yet."""
    url = _servers.url
    vars(_servers).clear()
    _servers.__init__()
    _servers.url = url
    secrets = {"SALESFORCE_CLIENT_ID": "us", "SALESFORCE_CLIENT_SECRET": "hush"}
    secrets |= {"HUBSPOT_TOKEN": "hub", "ZENDESK_USER": "a/token", "ZENDESK_TOKEN": "z"}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    return _servers


@pytest.fixture
def waited():
    """The seconds that would have been waited."""
    return []


@pytest.fixture
def web(waited):
    return Web(waited.append, seconds=5)


@pytest.fixture
def declared(vendors, tmp_path):
    """Makes one destination of a kind, of the vendors where it is one of theirs."""

    def make(to, **said):
        ways = {
            "salesforce": {"external_id": "Pinch_Id__c", "url": f"{vendors.url}/{to}"},
            "hubspot": {"id_property": "pinch_id", "url": f"{vendors.url}/{to}"},
            "zendesk": {"url": f"{vendors.url}/{to}"},
        }
        if to in ways:
            said = {"send": True, **ways[to], **said}
        (made,) = destinations([{"to": to, **said}], tmp_path)
        return made

    return make
