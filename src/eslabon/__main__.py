"""`python -m eslabon` is the command line."""

from eslabon.cli.main import main

if __name__ == "__main__":
    main()
