"""The networks of the paper and their checkpoints; nothing here knows of files, scores or windows."""
