"""Lung fields and heart: a small decoder on the features of a reader's network, which itself stays as it is."""
