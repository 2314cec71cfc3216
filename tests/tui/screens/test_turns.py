"""What changed on the line and at the helm, in words."""

from lines import REACHES

from radtui.tui.screens.turns import turns


def said(before: str, now: str) -> list[str]:
    return [each.text for each in turns(REACHES[before], REACHES[now], "c")]


def test_only_a_change_is_said() -> None:
    assert all(not said(name, name) for name in REACHES)
    assert said("connecting", "live") == []


def test_the_line_goes_and_comes() -> None:
    assert said("far", "lost") == ["line lost: it answered no ping for 7 s; keys wait for it, the bot does not"]
    assert said("lost", "far") == ["the line to alpha@server is back; it was line lost"]


def test_the_helm_goes_round() -> None:
    assert said("live", "watching") == ["bob/pts-4 has taken control: you watch; c takes it back"]
    assert said("watching", "live") == ["you hold control now"]
    assert said("watching", "free") == ["nobody holds control any more: your next key takes it"]
    assert said("free", "live") == said("live", "free") == []
    assert said("free", "watching") == ["bob/pts-4 holds control now; c takes over"]
