"""Pictures with matplotlib, as scikit-learn's displays: made from an estimator or from numbers, drawn by ``plot``.

matplotlib is imported where something is drawn, and not before.
"""

from ._critical_difference import CriticalDifferenceDisplay
from ._entropy import EntropyPolarDisplay
from ._membership import MembershipDisplay

__all__ = ["CriticalDifferenceDisplay", "EntropyPolarDisplay", "MembershipDisplay"]
