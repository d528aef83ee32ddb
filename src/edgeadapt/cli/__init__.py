"""The command line: one command a file, and every error mapped to an exit code in one place, `failure`."""
