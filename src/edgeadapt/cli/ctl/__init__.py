"""`edgeadapt ctl`: the operator's orders to an engine in another process."""
