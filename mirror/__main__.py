"""``python -m mirror``."""

from mirror.cli.main import main

main()
