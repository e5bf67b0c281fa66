"""The panel's small sentences: who did it, and how much."""

from stagectl.panel import say
from stagectl.words import tongue


def test_who_did_it_is_said_in_the_language_when_it_is_a_name_of_the_programs_own():
    with tongue.speaking("nb"):
        assert [say.by(who) for who in ("panel", "panel 2", "command line", "Kari 2", "2")] == [
            "panelet", "panelet 2", "kommandolinja", "Kari 2", "2",
        ]  # fmt: skip


def test_bytes_are_said_in_the_unit_that_fits():
    assert [say.size(n) for n in (0, 999, 412_300_000, 1_250_000_000)] == [
        "0 B", "999 B", "412.3 MB", "1.25 GB",
    ]  # fmt: skip
    with tongue.speaking("nb"):
        assert say.size(412_300_000) == "412,3 MB"
