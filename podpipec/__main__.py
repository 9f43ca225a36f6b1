"""`python -m podpipec`."""

from podpipec.cli import main

main()
