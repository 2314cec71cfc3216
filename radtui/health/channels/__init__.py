"""Ways to people: each in its own threads with its own queue, so that a dead one delays nothing."""
