"""What of an address may be shown, and what must never be."""

from __future__ import annotations

import pytest

from radtui.health.channels.address import MASK, hidden, kind_of, secrets_in

ADDRESSES = {
    "mailto://bob:hunter2hunter2@example.org": ["hunter2hunter2"],
    "mailtos://example.org?user=bob&pass=hunter2%21hunter2&to=x": ["hunter2%21hunter2", "hunter2!hunter2"],
    "tgram://123456789:ABCDEFGHIJ_klm/99887766": ["123456789", "ABCDEFGHIJ_klm", "99887766"],
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general": ["TIiajkdnlazkcOXrIdevi7FQ", "A1BRTD4JD"],
    "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js": ["4174216298", "JHMHI8qBe7bk2ZwO5U711o3dV_js"],
    "json://hooks.example.org/SeCrEtPaTh": ["SeCrEtPaTh"],
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_every_part_that_could_be_a_token_is_masked(url: str) -> None:
    secrets = secrets_in(url)
    for part in ADDRESSES[url]:
        assert part not in hidden(f"could not send {part} to {url} now", secrets)
    assert hidden(url, secrets) == MASK


def test_names_of_hosts_and_short_words_stay_readable() -> None:
    said = "json to hooks.example.org, localhost and 127.0.0.1 failed"
    for url in ("json://hooks.example.org/x", "json://localhost/x", "json://127.0.0.1/x"):
        assert hidden(said, secrets_in(url)) == said


@pytest.mark.parametrize(
    ("url", "kind"), [("MAILTO://x", "mailto"), (" json://x", "json"), ("nonsense", "unknown"), ("://x", "unknown")]
)
def test_the_kind_is_the_scheme(url: str, kind: str) -> None:
    assert kind_of(url) == kind
