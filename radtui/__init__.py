"""radtui: the keyboard-driven cockpit for a KuCoin Futures trading bot."""

from typing import Final

__version__: Final = "0.1.0"
