"""Captures: exchanges in files that mirror and other tools read."""
