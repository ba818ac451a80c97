"""The piano roll: time from left to right, pitch from bottom to top, notes as bars."""
