"""Data sets: one adapter a file, each giving a list of `Example`."""
