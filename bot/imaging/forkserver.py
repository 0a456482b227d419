"""The process that confined children are forked from: everything loaded, nothing known, shut off before the first child.

Forking costs milliseconds where starting an interpreter costs a third of a second, and the children share its memory.
Guarantees: it never sees a picture, only sockets that it passes to the child it forks; it was started with no environment and no
descriptor of the bot's but one socket, and ends when that closes. Each child serves one request and ends.
Deliberately decides nothing: when a child has had its time, the bot ends it, through the handle it was given.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
from io import BytesIO

from PIL import Image

from . import child, dicom_header, pdf_pages, read, render, smallest_pdf, survey
from .child_protocol import READY, Layer
from .confine import enclose

_PATIENCE = 10


def main() -> None:
    """Serve until the bot closes its end, which is standard input; never return."""
    control = socket.socket(fileno=0)
    os.nice(_PATIENCE)  # filing, answers and the homeserver go first: nobody waits for a picture to be screened
    _warm_up()
    layers = enclose()
    gc.collect()
    gc.freeze()  # children share what is here; the collector must not touch it page by page
    signal.signal(signal.SIGCHLD, lambda _signal, _frame: _collect())
    control.send(bytes([READY | layers]))
    while True:
        asked, given, _, _ = socket.recv_fds(control, 1, 1)
        if not asked or not given:
            os._exit(0)
        _fork(control, given[0], layers)


def _fork(control: socket.socket, given: int, layers: Layer) -> None:
    handle = None
    try:
        pid = os.fork()
        if pid == 0:
            _become_child(given, layers)
        handle = os.pidfd_open(pid)
        socket.send_fds(control, [b"+"], [handle])
    except OSError:
        control.send(b"-")
    finally:
        os.close(given)
        if handle is not None:
            os.close(handle)


def _become_child(given: int, layers: Layer) -> None:
    """Become the child and never return, whatever happens: a child must not take itself for the server."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(given, 0)
        os.dup2(given, 1)
        os.closerange(3, 64)
        child.serve(layers)
    finally:
        # Skips the interpreter's tidying up, which costs more than the fork did and could touch what hostile bytes broke.
        os._exit(1)


def _collect() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _warm_up() -> None:
    """Do everything once, so that modules that load late are loaded before files can no longer be opened."""
    for name in (
        "JPEG",
        "PNG",
        "WEBP",
        "TIFF",
    ):  # nothing here writes HEIC, and the decoders of HEIC and AVIF load nothing late
        picture = BytesIO()
        Image.new("RGB", (32, 32)).save(picture, name)
        render.copy(read.read(picture.getvalue()))
        survey.survey(picture.getvalue())
    for document in (smallest_pdf.SMALLEST, smallest_pdf.encrypted()):
        pdf_pages.pages(document, 0, 1)
        pdf_pages.first_page_jpeg(document, 16)
        survey.survey(document)
    dicom_header.header(dicom_header.SMALLEST)
