"""Answers a request with takes: window, model, tokens, measures. Nothing here knows of files or windows."""
