"""The rules of the house, all pure: no input, output, clock, randomness or database. Times and ids arrive as arguments."""
