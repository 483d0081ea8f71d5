"""A page to look at: operations, the tests that exercise them, and the exchanges themselves, in one file."""
