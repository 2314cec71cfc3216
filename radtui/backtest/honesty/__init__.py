"""The honesty report: what the bot decided on a day, beside what a replay of that day decides, and why they differ."""
