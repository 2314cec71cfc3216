"""Widgets that paint by line and send only what changed."""
