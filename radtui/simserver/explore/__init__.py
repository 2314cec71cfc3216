"""The fault explorer: the whole engine against a seeded world in which everything goes wrong (`radtui sim run`)."""
