"""The routes of ``/api``: thin, each from the store to a presentation."""
