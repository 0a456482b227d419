"""A real browser, without root: Chromium as a package, driven from Python."""
