"""Units of work whose workers die. Nothing else is imported here, so that new workers start at once."""

import os
import signal
import time
from pathlib import Path


def note(folder, unit):
    """Notes that a unit was computed."""
    (Path(folder) / f"{unit}-{os.getpid()}-{time.monotonic_ns()}").touch()
    return unit * unit


def die_once(folder, unit):
    """As note, but the worker of unit 3 dies at the first time."""
    marker = Path(folder) / "died"
    if unit == 3 and not marker.exists():
        marker.touch()
        # The other worker has something in its hands.
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return note(folder, unit)


def die(_):
    """Every worker dies."""
    os.kill(os.getpid(), signal.SIGKILL)
