"""A search for a strategy's parameters (row B2): what was tried, what it was worth, and how far that can be believed.

A *trial* flies one choice of parameters through every segment of the time, each with an account of its own. The trials
lie in a *study* in a file or a database, so that any number of processes on any number of hosts can work on them.
"""
