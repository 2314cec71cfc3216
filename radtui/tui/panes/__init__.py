"""What the cockpit shows of an engine: one pane a module, each fed with one immutable `View`."""
