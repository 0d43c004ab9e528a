"""Writes man page, completions and reference from the command tree that the program prints about itself."""
