"""KuCoin Futures: its REST and WebSocket protocol, spoken by a client that money can be trusted to."""
