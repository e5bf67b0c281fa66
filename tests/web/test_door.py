"""Who may come in by which name: exactly ours, and from nowhere else."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from stagectl.web.door import Door, Known, Visit, public_url

HERE = Visit(
    hosts=["127.0.0.1:8000"],
    origins=["http://127.0.0.1:8000"],
    peer="127.0.0.1",
    reached=("127.0.0.1", 8000),
    forwarded={},
    asks="act",
)
DOOR = Door("http://192.168.10.5:8000")
BEHIND = Door("https://scene.example.org", proxies=(ip_network("127.0.0.1"),))


def test_the_address_a_visitor_came_to_is_a_name_of_ours():
    assert DOOR.admit(HERE) == Known("http://127.0.0.1:8000", "127.0.0.1")


@pytest.mark.parametrize("host", ["localhost:8000", "LOCALHOST:8000", "192.168.10.5:8000"])
def test_so_are_localhost_and_the_public_address(host):
    visit = replace(HERE, hosts=[host], origins=[f"http://{host.lower()}"])
    assert DOOR.admit(visit) is not None


@pytest.mark.parametrize(
    "hosts",
    [
        ["evil.example:8000"],  # a name of theirs that was made to lead here
        ["127.0.0.1:8001"],
        ["127.0.0.1"],
        ["127.0.0.1:8000.evil.example"],
        ["127.0.0.1:8000", "127.0.0.1:8000"],
        [""],
        [],
    ],
)
def test_no_other_host_is(hosts):
    assert DOOR.admit(replace(HERE, hosts=hosts)) is None
    assert DOOR.admit(replace(HERE, hosts=hosts, origins=[], asks="page")) is None


@pytest.mark.parametrize(
    "origins",
    [
        ["http://evil.example"],
        ["https://127.0.0.1:8000"],
        ["http://127.0.0.1:8001"],
        ["http://localhost:8000"],  # ours, but not the page that was asked
        ["null"],
        ["http://127.0.0.1:8000", "http://evil.example"],
        [""],
    ],
)
def test_a_page_of_another_origin_may_not(origins):
    assert DOOR.admit(replace(HERE, origins=origins)) is None


def test_who_would_change_something_says_where_the_wish_comes_from():
    assert DOOR.admit(replace(HERE, origins=[])) is None
    assert DOOR.admit(replace(HERE, origins=[], asks="page")) is not None


def test_a_forwarded_name_is_believed_of_our_proxy_alone():
    said = {"for": "10.0.0.7", "host": "scene.example.org", "proto": "https"}
    visit = replace(
        HERE, hosts=["127.0.0.1:8000"], forwarded=said, origins=["https://scene.example.org"]
    )
    assert BEHIND.admit(visit) == Known("https://scene.example.org", "10.0.0.7")
    assert BEHIND.admit(replace(visit, peer="10.0.0.9")) is None
    assert Door("https://scene.example.org").admit(visit) is None


def test_of_a_chain_of_forwards_the_last_is_our_proxys_own_word():
    said = {"for": "6.6.6.6, 10.0.0.7", "host": "scene.example.org", "proto": "https"}
    visit = replace(HERE, forwarded=said, origins=["https://scene.example.org"])
    known = BEHIND.admit(visit)
    assert known is not None
    assert known.peer == "10.0.0.7"


def test_behind_a_proxy_no_name_but_the_public_one_is_ours():
    said = {"host": "127.0.0.1:8000", "proto": "http"}
    assert BEHIND.admit(replace(HERE, forwarded=said)) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("http://Scenen:8000/", "http://scenen:8000"),
        ("https://scene.example.org:443", "https://scene.example.org"),
        ("http://[FD00::5]:80", "http://[fd00::5]"),
    ],
)
def test_a_public_address_is_kept_as_browsers_say_it(typed, said):
    assert public_url(typed) == said


@pytest.mark.parametrize(
    "typed",
    ["scene.example.org", "ftp://scene", "http://scene/panel", "http://a@scene", "http://s:x", "/"],
)
def test_what_is_no_address_or_more_than_one_is_refused(typed):
    with pytest.raises(ValueError, match=r".*"):
        public_url(typed)
