"""Showing an image to somebody new: advice, other purposes, what the law requires. Asked for by staff, agreed to by the patient
wherever the rules demand it, ended by either (R7 to R13a).

Not here: what is common to all of them, such as the request for consent and the release (`core.uses`).
"""
