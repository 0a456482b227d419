"""What is measured, on real parts: `make bench`."""
