"""What is kept: the encrypted journal, the vault of sealed blobs, the keys, the audit chain, and the patient record."""
