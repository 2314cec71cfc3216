"""What Prometheus reads of an engine: everything a person can see, as figures."""
