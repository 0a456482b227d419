"""Photos that clinicians send of their patients: a line becomes a statement, a tap attests it (R2 to R5).

Not here: what the team does with photos that are filed (`team`), and colleagues who are asked for advice (`uses`).
"""
