"""Corpus, training, evaluation and export of the models; never imported by the program."""
