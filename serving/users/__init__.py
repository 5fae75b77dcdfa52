"""Who uses the service and what they may do: accounts, sessions, keys, and the gate before every route."""
