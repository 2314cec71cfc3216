import scenes
from choosing import PORTFOLIO, RISK, WINDOW
from msgspec.structs import replace
from pieces import NOW
from scripted import cockpit, screen_text

from radtui.core.market import MINUTE
from radtui.core.portfolio_view import PortfolioView
from radtui.core.snapshot import Snapshot
from radtui.tui.format import signed, signed_percent
from radtui.tui.panes.view import View
from radtui.tui.screens.portfolio import portfolio_lines
from radtui.tui.widgets.tone import plain


def seen(**changed: object) -> Snapshot:
    return replace(scenes.running(), **{"window": WINDOW, "portfolio": PORTFOLIO, "market_at": NOW, **changed})


def said(snapshot: Snapshot, width: int = 76) -> list[str]:
    lines = [plain(each).rstrip() for each in portfolio_lines(View(snapshot, NOW, "lena"), width)]
    assert all(len(text) <= width for text in lines if "▓" not in text)
    return lines


def under(title: str, lines: list[str]) -> list[str]:
    """Return what stands below a heading."""
    place = next(place for place, text in enumerate(lines) if text.startswith(title))
    return lines[place + 1 :]


def test_it_says_what_it_is_worth_what_is_open_and_how_much_is_at_stake() -> None:
    value, positions, risk, *_ = under("Account", said(seen(portfolio=replace(PORTFOLIO, risk=RISK))))
    worth, held = seen().money, seen().positions
    assert worth.equity is not None
    pnl = sum(each.pnl for each in held if each.pnl is not None)
    share = signed_percent(pnl / worth.equity * 100)
    assert value == f"  value       {worth.equity:,.2f} USDT   open {signed(pnl)}  {share}"
    assert positions == f"  positions   {len(held)} of {seen().positions_limit}, worth 4,321.00 USDT"
    assert risk == "  risk        HIGH   points: concentration 2, positions 1, daily loss 0"


def test_where_a_position_has_no_price_its_profit_is_not_made_up() -> None:
    held = seen().positions
    value, *_ = under("Account", said(seen(positions=(replace(held[0], pnl=None), *held[1:]))))
    assert value.endswith("open –  –")
    value, positions, risk, *_ = under("Account", said(scenes.unread()))
    assert (value, positions.split()[1], risk) == ("  value       –   open 0.00  –", "0", "  risk        –")


def test_each_budget_of_the_day_is_a_gauge_with_its_time_to_reset() -> None:
    window, trades, loss, *_ = under("Budgets", said(seen()))
    assert window == "  window      OPEN    Mon–Fri 08–17 Europe/Berlin  closes in 2 h 0 min"
    assert trades == "  trades      ▓▓▓▓▓▓░░░░  3 of 5, anew in 5 h 0 min"
    assert loss.startswith("  daily loss  ")
    assert "anew in" in loss


def test_a_budget_that_is_spent_says_what_follows() -> None:
    spent = replace(WINDOW, open=False, trades=5, changes_at=NOW + 30 * MINUTE)
    window, trades, *_ = under("Budgets", said(seen(window=spent)))
    assert window == "  window      CLOSED  Mon–Fri 08–17 Europe/Berlin  opens in 30 min"
    assert trades == "  trades      ▓▓▓▓▓▓▓▓▓▓  5 of 5, anew in 5 h 0 min  no more entries until then"


def test_without_a_limit_trades_are_only_counted() -> None:
    assert "  trades      7 today, without limit" in said(seen(window=replace(WINDOW, trades=7, limit=None)))


def test_performance_says_what_it_knows_and_of_how_long() -> None:
    rows = {text.split()[0]: text for text in said(seen()) if text.strip().startswith(("1h ", "30d "))}
    assert rows["1h"].split() == ["1h", "+1.25", "%", "−0.75", "%", "40.00", "%", "−1.50"]
    assert rows["30d"].endswith("only 3 d 0 h known") or "only 3" in rows["30d"]
    assert "–" in rows["30d"]


def test_the_allocation_is_a_proposal() -> None:
    text = "\n".join(said(seen()))
    assert "nothing of it is traded" in text
    assert "conservative: 40 % of the equity, by confidence" in text
    (move,) = [each.split() for each in said(seen()) if "XBTUSDTM" in each]
    assert move == ["XBTUSDTM", "+10.0", "%", "+30.0", "%", "buy", "31", "2,000.00"]
    (left,) = [each.split() for each in said(seen()) if "ETHUSDTM" in each]
    assert left == ["ETHUSDTM", "−10.0", "%", "−10.0", "%", "hold", "–", "–"]
    assert ["ema_cross", "0.45", "0.6"] in [each.split() for each in said(seen())]


def test_before_anything_is_known_it_says_so() -> None:
    text = "\n".join(said(seen(portfolio=PortfolioView())))
    assert "the equity is not known yet" in text
    assert "- not known yet" in text or "  not known yet" in text


async def test_the_palette_opens_it() -> None:
    async with cockpit(seen()).run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p", *"portfolio", "enter")
        assert "Budgets of the day" in screen_text(pilot.app)
