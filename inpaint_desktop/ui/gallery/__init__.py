"""The gallery: the takes side by side with the original, heard and seen in their place before one is kept."""
