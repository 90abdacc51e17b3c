"""Settings of all tests."""

import os

# scikit-learn checks input of the array API where SciPy is asked for it before its import.
os.environ.setdefault("SCIPY_ARRAY_API", "1")
