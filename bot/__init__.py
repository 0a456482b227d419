"""consentry: an end-to-end-encrypted Matrix bot for clinical images."""

__version__ = "0.1.0"
