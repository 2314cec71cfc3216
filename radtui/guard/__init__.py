"""The dead-man guardian: a tiny process with its own minimal client, sharing no fault with the engine it watches."""
