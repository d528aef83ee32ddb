"""What lints stand on: the context they look at, the runner, the comments that silence, pages and the scaffold."""
