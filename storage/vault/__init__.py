"""Sealed blobs and the keys that open them: derived from one root secret, wrapped, rotated, written on paper.

Not here: which blob belongs to which row (`journal`, `records`).
"""
