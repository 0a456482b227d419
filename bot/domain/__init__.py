"""The rules of the house, pure: no input, output, clock, randomness or database. Times and ids arrive as arguments."""
