"""A headless Chromium, spoken to over its own protocol: open an address, press keys, see what the page is told."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any, Final, Self

import pyte
import pytest
from programs import DEADLINE
from terminal import without_what_pyte_lacks
from websockets.sync.client import connect

CHROMIUM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_BINARY: Final = 2


class Browser:
    """One page.

    Attributes:
        screen: what the page's terminal shows, as far as it was sent over WebSockets.
        answered: the addresses that answered it.
    """

    def __init__(self, home: Path, program: str) -> None:
        self._profile = Path(tempfile.mkdtemp(dir=home))
        self.answered: list[str] = []
        self._sent = bytearray()
        self._numbers = count(1)
        self.process = subprocess.Popen(
            [
                program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--remote-debugging-port=0", f"--user-data-dir={self._profile}", "--window-size=1300,900",
                "about:blank",
            ],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._open = ExitStack()
        self._open.callback(self.process.wait)
        self._open.callback(self.process.kill)

    def __enter__(self) -> Self:
        try:
            self._line = self._open.enter_context(connect(self._page(), max_size=None))
            for domain in ("Page", "Network", "Runtime"):
                self.ask(f"{domain}.enable")
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def go(self, address: str) -> None:
        """Open an address."""
        self.ask("Page.navigate", url=address)

    def evaluate(self, script: str) -> Any:
        """Return what a script of the page's own says."""
        return self.ask("Runtime.evaluate", expression=script, awaitPromise=True)["result"].get("value")

    def click(self, x: int, y: int) -> None:
        """Press the mouse's button there: what was clicked has the keyboard."""
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def type(self, key: str) -> None:
        """Press a key."""
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, text=key if kind == "keyDown" else "", key=key)

    def ask(self, method: str, **parameters: Any) -> Any:
        """Give a command and return its result."""
        number = next(self._numbers)
        self._line.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._line.recv(timeout=DEADLINE))
            if told.get("id") == number:
                assert "error" not in told, told
                return told["result"]
            self._note(told)

    def shows(self, columns: int = 200, lines: int = 60) -> str:
        """Return the terminal's screen, on a larger one."""
        screen = pyte.Screen(columns, lines)
        pyte.ByteStream(screen).feed(without_what_pyte_lacks(bytes(self._sent)))
        return "\n".join(screen.display)

    def until(self, true: Callable[[], Any], what: str) -> None:
        """Wait until `true` holds."""
        deadline = time.monotonic() + DEADLINE
        while not true():
            if time.monotonic() > deadline:
                pytest.fail(f"not in the browser: {what}\n{self.evaluate('document.body.innerText')}\n{self.shows()}")
            self._listen(0.1)

    def _listen(self, seconds: float) -> None:
        try:
            self._note(json.loads(self._line.recv(timeout=seconds)))
        except TimeoutError:
            return

    def _note(self, told: dict[str, Any]) -> None:
        match told.get("method"):
            case "Network.webSocketFrameReceived":
                frame = told["params"]["response"]
                if frame["opcode"] == _BINARY:
                    self._sent += base64.b64decode(frame["payloadData"])
            case "Network.responseReceived":
                self.answered.append(told["params"]["response"]["url"])

    def _page(self) -> str:
        """Return the address at which the first page takes commands."""
        note, deadline = self._profile / "DevToolsActivePort", time.monotonic() + DEADLINE
        while not note.is_file() or len(note.read_text().splitlines()) < 2:
            assert time.monotonic() < deadline, "the browser does not start"
            time.sleep(0.05)
        port, path = note.read_text().splitlines()
        with connect(f"ws://127.0.0.1:{port}{path}", max_size=None) as browser:
            browser.send(json.dumps({"id": 0, "method": "Target.getTargets"}))
            targets = json.loads(browser.recv(timeout=DEADLINE))["result"]["targetInfos"]
        [page] = [each for each in targets if each["type"] == "page"]
        return f"ws://127.0.0.1:{port}/devtools/page/{page['targetId']}"
