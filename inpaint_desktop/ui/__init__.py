"""The window and everything in it: PySide6, and nothing that computes."""
