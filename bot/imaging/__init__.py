"""What is done to the bytes of images: screening in a sandbox, renditions, and photos made up for tests and the demo."""
