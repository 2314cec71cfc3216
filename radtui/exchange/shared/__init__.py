"""One account for several bots: what each may see, do and count as its own."""
