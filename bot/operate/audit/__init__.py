"""What `consentry audit` reads from the log: whether it is whole (`check`), and who did what to an image (`story`)."""
