"""MusicXML: where its measures lie, what they mean, and how new notes are written into them."""
