"""Inpaint Desktop: a score editor that proposes new measures for a tune."""
