"""Uses other than the care a photo was sent for: asked by staff, agreed to by the patient, ended by either (R7 to R13).

Not here: what is common to all of them, such as the release (`core.uses`).
"""
