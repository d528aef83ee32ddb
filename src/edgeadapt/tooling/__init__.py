"""What helps to find out how EdgeAdapt stands on a machine; nothing that serves imports it."""
