"""What is looked at every few seconds beside the work: the clock, the second copy, the checkpoints of the log."""
