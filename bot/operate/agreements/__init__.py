"""What `consentry consents` reads: who agreed to what (`listing`), and the page to sign off (`page`)."""
