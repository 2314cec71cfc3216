"""The exchange's REST interface: signed, limited, guarded, typed."""
