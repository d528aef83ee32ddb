"""What a family's variants cost on this machine: measured in processes of their own, reported, compared."""
