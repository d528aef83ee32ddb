"""What a user gives on the command line, turned into values or a refusal that says what would be right."""
