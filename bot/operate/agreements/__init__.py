"""What `consentry consents` reads: who agreed to what (`agreements`), and the page to sign off (`page`)."""
