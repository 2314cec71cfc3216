"""The door from outside: REST on the control socket. It sees an engine only through its `EngineHandle`."""
