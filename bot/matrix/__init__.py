"""Matrix: judge what arrives, and decide who may read what is sent. Nothing else imports nio or vodozemac.

`gateway.Matrix` implements the ports `Feed` and `Chat`; `session` and `cross_signing` are for setting up.
"""
