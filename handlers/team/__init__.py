"""What the team does in its daily work: see what waits, take it, look, note, reply.

Not here: passing a photo on (`uses`), and who belongs to the team (`people`).
"""
