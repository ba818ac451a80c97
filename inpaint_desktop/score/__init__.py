"""What music is: immutable values that know nothing of files, models or windows."""
