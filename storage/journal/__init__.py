"""The journal: inbox, rows of the domain, intents and the audit chain, one commit per decision.

Not here: filed content (`records`), and blobs (`vault`).
"""
