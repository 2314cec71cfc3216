"""The simulated venue behind KuCoin's own REST and WebSocket protocol: a pure handler, and a thin shell round it."""
