"""Real image archives for the tests, each in a process of its own that listens on loopback only, and ends with the tests."""
