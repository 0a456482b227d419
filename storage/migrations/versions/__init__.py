"""One module for each revision, in order. A released revision is never edited."""
