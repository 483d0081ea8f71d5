"""What an agent saw, held against what was published."""
