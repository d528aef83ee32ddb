"""How commands speak: streams that never fail on a character, columns, and the views of a decision."""
