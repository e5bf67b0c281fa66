"""A secret comes from three places in order, and out of none of them by accident."""

import os
import traceback

import pytest

from stagectl.desk.secrets import NoSecretError, Secret, read_secret, without_secrets

CANARY = "kanari-7f3a"
POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows keeps others out by the profile")


def put(path, text, mode=0o600):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)


def test_the_first_place_that_has_it_wins(tmp_path):
    credentials, own = tmp_path / "credentials", tmp_path / "own"
    environ = {"CREDENTIALS_DIRECTORY": str(credentials), "STAGECTL_SECRET_OBS": "third"}
    assert read_secret("obs", environ, own) == "third"
    put(own / "obs", "second\n")
    assert read_secret("obs", environ, own) == "second"
    put(credentials / "obs", "first\r\n", 0o440)
    assert read_secret("obs", environ, own) == "first"


def test_blanks_inside_a_secret_are_part_of_it(tmp_path):
    put(tmp_path / "obs", " æ ø \n")
    assert read_secret("obs", {}, tmp_path) == " æ ø "


def test_a_name_with_other_signs_has_a_variable_too(tmp_path):
    assert read_secret("obs-2", {"STAGECTL_SECRET_OBS_2": "x"}, tmp_path) == "x"


def test_a_missing_secret_says_where_to_put_it(tmp_path):
    with pytest.raises(NoSecretError) as gone:
        read_secret("obs", {}, tmp_path)
    assert (gone.value.why, gone.value.path) == ("missing", tmp_path / "obs")


@POSIX
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path, mode):
    put(tmp_path / "obs", CANARY, mode)
    with pytest.raises(NoSecretError) as seen:
        read_secret("obs", {"STAGECTL_SECRET_OBS": "not this instead"}, tmp_path)
    assert seen.value.why == "open"


@pytest.mark.parametrize("name", ["../obs", "a/b", "", ".", "..", "a\\b", "/etc/passwd", "a\0b"])
def test_a_venue_file_cannot_reach_out_of_the_folder(tmp_path, name):
    put(tmp_path.parent / "obs", CANARY)
    with pytest.raises(NoSecretError) as refused:
        read_secret(name, {}, tmp_path)
    assert refused.value.why == "name"


def test_a_secret_does_not_show_itself(tmp_path):
    put(tmp_path / "obs", CANARY)
    secret = read_secret("obs", {}, tmp_path)
    assert secret == CANARY
    assert CANARY not in repr(secret)
    assert CANARY not in repr({"password": secret})
    assert isinstance(secret, Secret)


def test_what_cannot_be_read_is_not_shown_either(tmp_path):
    put(tmp_path / "obs", b"\xff" + CANARY.encode())
    with pytest.raises(NoSecretError) as broken:
        read_secret("obs", {}, tmp_path)
    told = "".join(traceback.TracebackException.from_exception(
        broken.value, capture_locals=True
    ).format())  # fmt: skip
    assert CANARY not in told


def test_a_child_that_needs_no_secrets_gets_none():
    environ = {"PATH": "/bin", "STAGECTL_SECRET_OBS": CANARY, "CREDENTIALS_DIRECTORY": "/run/c"}
    assert without_secrets(environ) == {"PATH": "/bin"}
