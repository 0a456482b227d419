"""Photos that clinicians send of their patients, and what goes with them: the statement and its attestation (R2 to R5), deletion
from their own device (R18), the device check (R21).

Not here: what the team does with photos that are filed (`team`), and colleagues who are asked for advice (`uses`).
"""
