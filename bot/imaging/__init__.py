"""What is done to the bytes of images and documents: screening in a sandbox, renditions, copies that leave; also QR codes, and a
made-up photo for tests and the demo.
"""
