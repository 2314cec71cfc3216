"""What the bot knows of itself: its calls, its workers, its errors, and the report of all three."""
