"""The exchange port and its adapters."""
