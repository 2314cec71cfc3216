"""Clocks, failure types, backoff and the observer port: what every call to the world goes through."""
