"""The simulated light desk hears OSC as QLC+ does, and shows its levels as QLC+ does."""

import pytest
from pythonosc.udp_client import SimpleUDPClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.sim.conftest import until


@pytest.fixture
def osc(stage):
    host, port = stage.addresses["lights"].split(":")
    client = SimpleUDPClient(host, int(port))
    yield client
    client.close()


@pytest.fixture
def api(stage):
    with connect(f"ws://127.0.0.1:{stage.lights().api_port}/qlcplusWS") as socket:

        def ask(question):
            socket.send(f"QLC+API|{question}")
            return socket.recv(timeout=5)

        yield ask


def level(stage, name):
    sliders = next(d for d in stage.state()["devices"] if d["kind"] == "lights")["sliders"]
    return next(s["level"] for s in sliders if s["name"] == name)


@pytest.mark.parametrize(("said", "dmx"), [(0.0, 0), (0.5, 127), (0.999, 254), (1.0, 255)])
def test_a_float_becomes_its_255th_part_cut_off(stage, osc, api, said, dmx):
    osc.send_message("/0/dmx/0", 1.0)
    until(lambda: level(stage, "stage") == 100)
    osc.send_message("/0/dmx/0", said)
    until(
        lambda: (
            api("getChannelsValues|1|1|2")
            == f"QLC+API|getChannelsValues|1|{dmx}|{SHAPE}|2|0|{SHAPE}"
        )
    )


SHAPE = "0.#000000"


def test_channels_are_counted_from_0_in_osc_and_from_1_in_the_api(stage, osc, api):
    osc.send_message("/0/dmx/1", 1.0)
    osc.send_message("/0/dmx/7", 1.0)
    until(lambda: level(stage, "house") == 100)
    assert level(stage, "stage") == 0
    until(lambda: api("getChannelsValues|1|8|2") == "QLC+API|getChannelsValues|8|255||9|0|")


def test_nothing_is_ever_answered_on_osc(osc):
    osc.send_message("/0/dmx/0", 1.0)
    osc.send_message("/0/dmx/0", [])
    assert list(osc.get_messages(0.2)) == []


def test_a_button_is_pressed_by_1_and_not_again_before_a_0(stage, osc):
    for said in (1.0, 1.0, 0.5, 1.0, 0.0, 1.0):
        osc.send_message("/button/3", said)
    until(lambda: stage.lights().pressed == {"/button/3": 2})


def test_a_message_without_a_value_is_passed_over(stage, osc):
    osc.send_message("/0/dmx/0", [])
    for value in (True, "1.0", float("nan"), float("inf")):
        osc.send_message("/0/dmx/0", value)
    osc.send_message("/0/dmx/1", 1.0)
    until(lambda: level(stage, "house") == 100)
    assert level(stage, "stage") == 0


def test_a_hand_on_a_slider_is_told_to_nobody(stage, osc):
    stage.move("lights.stage.level", 40)
    assert level(stage, "stage") == pytest.approx(40, abs=0.4)
    assert list(osc.get_messages(0.1)) == []


def test_after_a_restart_it_is_dark(stage, osc):
    osc.send_message("/0/dmx/0", 1.0)
    until(lambda: level(stage, "stage") == 100)
    stage.restart("lights")
    assert level(stage, "stage") == 0
    osc.send_message("/0/dmx/0", 1.0)
    until(lambda: level(stage, "stage") == 100)


def test_what_the_api_does_not_understand_is_passed_over(api, stage):
    with connect(f"ws://127.0.0.1:{stage.lights().api_port}/qlcplusWS") as socket:
        for nonsense in ("tull", "QLC+API|getChannelsValues", "QLC+API|getChannelsValues|x|y|z"):
            socket.send(nonsense)
        socket.send("QLC+API|getFunctionsNumber")
        assert socket.recv(timeout=5) == "QLC+API|getFunctionsNumber|0"


def test_the_api_is_at_its_own_path_only(stage):
    with (
        pytest.raises(InvalidStatus),
        connect(f"ws://127.0.0.1:{stage.lights().api_port}/"),
    ):
        pass
