"""Under which address others can open the lab."""

import pytest

from resnet.ui.app import addresses, hosting
from resnet.ui.app.addresses import Address


@pytest.fixture(autouse=True)
def neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RESNET_URL", raising=False)
    monkeypatch.setattr(addresses, "listens_to_others", lambda: True)
    monkeypatch.setattr(addresses, "own_address", lambda: "10.1.2.3")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://localhost:8501", Address("http://10.1.2.3:8501", "network")),
        ("http://127.0.0.1:8501/lab/", Address("http://10.1.2.3:8501/lab", "network")),
        ("http://[::1]:8501", Address("http://10.1.2.3:8501", "network")),
        ("", Address("", "local")),
        ("https://lab.example.org/x/", Address("https://lab.example.org/x", "open")),
    ],
)
def test_a_browser_on_this_computer_gets_the_address_in_the_network(url: str, found: Address) -> None:
    assert addresses.found(url) == found


def test_a_server_for_this_computer_alone_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "listens_to_others", lambda: False)
    assert addresses.found("http://localhost:8501") == Address("http://localhost:8501", "local")


def test_no_network_means_this_computer_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "own_address", lambda: "")
    assert addresses.found("http://localhost:8501").reach == "local"


def test_what_the_host_says_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_URL", "https://lab.example.org/resnet/")
    assert addresses.found("http://localhost:8501") == Address("https://lab.example.org/resnet", "said")
    assert not addresses.fault()


@pytest.mark.parametrize("said", ["lab.example.org", "ftp://lab.example.org", "https://", "https://a/?x=1", "http://["])
def test_what_is_no_address_has_no_effect_and_is_told(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_URL", said)
    assert addresses.of_host() == ""
    assert said in addresses.fault()


def test_a_token_that_is_too_short_is_replaced_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    hosting.token.cache_clear()
    monkeypatch.setenv("RESNET_TOKEN", "1234")
    assert len(hosting.token()) > 16
    assert "at least 8" in hosting.fault()
    assert hosting.token() in hosting.announcement("")
    hosting.token.cache_clear()


def test_a_chosen_token_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    hosting.token.cache_clear()
    monkeypatch.setenv("RESNET_TOKEN", "only-for-me")
    assert hosting.token() == "only-for-me"
    assert "only-for-me" not in hosting.announcement("/lab")
    assert "/lab/host?" in hosting.announcement("/lab")
    assert not hosting.fault()
    hosting.token.cache_clear()
