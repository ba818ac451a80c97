"""ABC: where the measures of a tune lie in its text, what they mean, and how new notes are written."""
