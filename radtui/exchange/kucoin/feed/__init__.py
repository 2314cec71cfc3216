"""The exchange's WebSocket: connections, topics and books."""
