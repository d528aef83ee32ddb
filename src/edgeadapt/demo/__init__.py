"""`edgeadapt demo`: a phone's day played through the engine, beside the same day with each variant alone."""
