"""The only importers of nio and vodozemac: what arrives from Matrix, judged; what is sent there, to whom it may be.

`gateway.Matrix` implements the ports `Feed` and `Chat`; `session` and `cross_signing` are for setting up.
"""
