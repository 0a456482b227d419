"""The kind of destination `dicomweb`: an image archive that is searched, stored into and read from over the web."""
