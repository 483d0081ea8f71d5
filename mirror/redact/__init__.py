"""Redaction: secrets in exchanges become placeholders of the same type and form."""
