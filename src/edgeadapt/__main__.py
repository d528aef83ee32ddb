"""`python -m edgeadapt` is `edgeadapt`."""

from edgeadapt.cli.main import main

if __name__ == "__main__":
    main(prog_name="edgeadapt")
