"""A device that cannot be driven is told, and the show runs without it."""

from dataclasses import replace

import pytest

from stagectl.desk import main as desk
from stagectl.desk.absent import AbsentDriver
from stagectl.drivers.driver import LinkError
from tests.desk.house import LAMPS, book


def driver_of(the_book):
    return desk._drivers(the_book, {})["lamps"]()


def test_a_device_whose_driver_is_not_written_yet_is_never_there(tmp_path):
    later = replace(book(tmp_path, 9), profiles={"lamps": replace(LAMPS, driver="pjlink")})
    driver = driver_of(later)
    assert isinstance(driver, AbsentDriver)
    with pytest.raises(LinkError) as told:
        driver.open(0.0)
    assert (told.value.why, told.value.slow) == ("no_driver", True)


def test_a_driver_that_cannot_even_be_made_takes_nobody_with_it(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(desk, "DRIVERS", {"osc": ("stagectl.drivers.no_such", "OscDriver")})
    driver = driver_of(book(tmp_path, 9))
    with pytest.raises(LinkError) as told:
        driver.open(0.0)
    assert told.value.why == "broken"
    assert "lamps cannot be driven" in caplog.text
