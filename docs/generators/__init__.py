"""Writes the parts of the documentation that follow from the code's own tables, into marked places of the pages."""
