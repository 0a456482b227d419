"""What `consentry audit` reads from the log: whether it is whole (`check`), and who did what to an image, a patient or a person
(`story`).
"""
