"""A use of an image from its request to its end: what the rules say of it now, asking for consent, release, and stopping.

Not here: the commands and taps that begin or answer one (`handlers.uses`), and the state table (`domain.use`).
"""
