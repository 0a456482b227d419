"""The only importers of nio and vodozemac: they judge what arrives from Matrix, and decide who may read what is sent.

`gateway.Matrix` implements the ports `Feed` and `Chat`; `session` and `cross_signing` are for setting up.
"""
