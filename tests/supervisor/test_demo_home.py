import stat
from pathlib import Path

import pytest

from atender.supervisor.demo_home import DemoHome, HomeInUse


@pytest.fixture
def home(tmp_path: Path) -> DemoHome:
    return DemoHome(tmp_path / "home")


def test_secret_key_is_made_once_and_is_for_its_owner_alone(home: DemoHome) -> None:
    key = home.secret_key()
    assert len(key) >= 50
    assert home.secret_key() == DemoHome(home.folder).secret_key() == key
    assert stat.S_IMODE((home.folder / "secret-key").stat().st_mode) == 0o600


def test_secret_key_that_was_left_empty_is_made_anew(home: DemoHome) -> None:
    (home.folder / "secret-key").touch()
    assert len(home.secret_key()) >= 50


def test_home_serves_one_demo_at_a_time(home: DemoHome) -> None:
    home.claim()
    with pytest.raises(HomeInUse, match=r"A demo already runs in .* \(process \d+\); stop it, or"):
        DemoHome(home.folder).claim()


def test_description_is_published_only_when_ready(home: DemoHome) -> None:
    home.upcoming.write_text('{"tenants": []}')
    assert not home.published.exists()
    assert home.description() == {}
    home.publish()
    assert home.description() == {"tenants": []}


def test_an_earlier_run_s_description_is_taken_back_but_kept(home: DemoHome) -> None:
    home.published.write_text('{"tenants": ["acme"]}')
    home.hide()
    assert not home.published.exists()
    assert home.upcoming.read_text() == '{"tenants": ["acme"]}'
