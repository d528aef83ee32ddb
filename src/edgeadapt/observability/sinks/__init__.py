"""Where events can go, one kind of place a file; each is imported by its own name, and only where it is used."""
