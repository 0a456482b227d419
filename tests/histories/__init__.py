"""Judge whole histories of a practice by the rules: what was done in the world, and what came of it."""
