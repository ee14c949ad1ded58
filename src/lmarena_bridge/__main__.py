"""`python -m lmarena_bridge` is the console command."""

from lmarena_bridge.cli.main import main

if __name__ == "__main__":
    main()
