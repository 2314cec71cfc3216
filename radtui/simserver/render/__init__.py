"""What the exchange's objects look like as JSON: pure functions, every type exactly as captured."""
