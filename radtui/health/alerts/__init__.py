"""Alerts: rules on what is, the book of what fires, and when somebody is told. Pure."""
