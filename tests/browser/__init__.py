"""Real browsers, driven from Python."""
