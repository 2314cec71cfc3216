"""History through the same core, risk, exits, matching and fees as a flight: what was tested is what flies.

A `Flight` drives `radtui.core.core.Core` and `radtui.venue.venue.Venue` step by step, without an event loop, a journal
or snapshots. Whatever it is told is what the paper exchange would have told, in the same order.
"""
