"""The WebSockets of an engine: what is to be seen first, then what changes, for readers fast and slow (row A2)."""
