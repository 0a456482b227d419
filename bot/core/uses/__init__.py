"""A use of an image from its request to its end: what the rules say of it now, asking for consent, release, and stopping.

Not here: the commands that begin one and the answer to a request (`handlers.uses`), and the state table (`domain.use`).
"""
