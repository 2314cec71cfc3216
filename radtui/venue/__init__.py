"""A simulated futures exchange: matching, margin, funding, a market model, faults. Pure and seeded."""
