"""What is kept, and how: the journal with its audit chain, the vault and its keys, the patient record, notes kept elsewhere, and
the encrypted database beneath them.
"""
