"""The composite strategy, a part a module: what is read, who votes, in what market, and what comes of it."""
