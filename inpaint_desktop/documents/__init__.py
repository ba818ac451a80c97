"""What a file is: its text, where its measures lie, and what they mean."""
