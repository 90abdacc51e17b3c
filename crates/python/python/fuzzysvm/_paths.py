"""Files that the Rust side reads."""

import os
import stat
from contextlib import contextmanager


@contextmanager
def reading(*paths):
    """Raises what ``open`` raises of the first file that it does not open, where the Rust side says ValueError."""
    try:
        yield
    except ValueError:
        for why in map(_error_of, paths):
            if why is not None:
                raise why from None
        raise


def _error_of(path):
    """What ``open`` raises of a file; None where it opens it."""
    # Standard input is no file, and a pipe would wait.
    if path != "-":
        try:
            if stat.S_IFMT(os.stat(path).st_mode) in (stat.S_IFREG, stat.S_IFDIR):
                open(path, "rb").close()
        except OSError as error:
            return error
    return None
