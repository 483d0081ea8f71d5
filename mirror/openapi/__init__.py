"""Learning: from exchanges to an OpenAPI document."""
