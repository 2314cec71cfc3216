"""Marker secrets from every place that may hold one, and every byte that a flight leaves is searched for them."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

from flights import Fly
from programs import DEADLINE, QUICK, RADTUI, environment

KEY, SECRET, PASSPHRASE = "Mk1key7Hq2vX9", "Mk2secret4Lr8wZ", "Mk3phrase6Tn1yB"
TOKEN, CHANNEL = "Mk4token0123456789abcdefXY", "Mk5channel5Pd3uC"
MARKERS = [marker.encode() for marker in (KEY, SECRET, PASSPHRASE, TOKEN, CHANNEL)]


def test_no_byte_of_a_flight_holds_one(fly: Fly, tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    written = {
        credentials / "radtui.env": f"RADTUI_KUCOIN__SECRET={SECRET}\nRADTUI_API__TOKENS=me:control:{TOKEN}\n",
        tmp_path / ".env": f"KUCOIN_API_PASSPHRASE={PASSPHRASE}\n",
        tmp_path / "mine.toml": f'[alerts.channels]\nnight = "json://127.0.0.1:9/{CHANNEL}"\n',
    }
    for path, text in written.items():
        path.write_text(text)
    told = {"KUCOIN_API_KEY": KEY, "CREDENTIALS_DIRECTORY": str(credentials), "RADTUI_LOG__LEVEL": "debug"}
    flight = fly(*QUICK, "--config", "mine.toml", **told)
    flight.facts.until(lambda facts: len(facts.holdings()) >= 2, "positions")
    seen = [Path(f"/proc/{flight.process.pid}/cmdline").read_bytes()] if Path("/proc").is_dir() else []
    for command in (["status", "--json"], ["alerts", "test"], ["config", "show", "--config", "mine.toml"], ["report"]):
        asked = subprocess.run(
            [*RADTUI, *command], env=environment(tmp_path, **told), cwd=tmp_path, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=DEADLINE, check=False,
        )  # fmt: skip
        seen += [asked.stdout, asked.stderr]
    assert max(text.count("••••".encode()) for text in seen) >= 5  # they were read, and are masked
    flight.signal(signal.SIGTERM)
    assert flight.ended() == 143
    left = [path for path in tmp_path.rglob("*") if path.is_file() and path not in written]
    assert len(left) > 5
    found = [str(path) for path in left if any(marker in path.read_bytes() for marker in MARKERS)]
    assert (found, [text for text in seen if any(marker in text for marker in MARKERS)]) == ([], [])
