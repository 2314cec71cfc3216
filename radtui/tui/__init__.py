"""The Textual cockpit. Nothing here is imported by an engine without a terminal."""
