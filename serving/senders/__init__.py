"""How a completion is sent: one kind of destination a file, all of them in ``table``."""
