"""Melodies as tokens: the grid of uneven ticks, the vocabulary, and the window around a span."""
