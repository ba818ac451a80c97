"""Starts the desktop program."""
