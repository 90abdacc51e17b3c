"""The six classifiers that fuzzy support vector machines are compared with on imbalanced data.

None of them is a support vector machine. They have the parameters of scikit-learn, imbalanced-learn and xgboost under
the names that these use, run on all threads, and give the same model on any number of them.

>>> from fuzzysvm.peers import EasyEnsembleClassifier
>>> from sklearn.datasets import make_classification
>>> X, y = make_classification(300, weights=[0.9], random_state=0)
>>> EasyEnsembleClassifier(n_estimators=5, random_state=0).fit(X, y).predict(X[:3])
array([1, 0, 0])
"""

from ._cs_adaboost import CSAdaBoostClassifier
from ._cs_rf import CSRandomForestClassifier
from ._cs_xgboost import CSXGBClassifier
from ._easy_ensemble import EasyEnsembleClassifier
from ._rusboost import RUSBoostClassifier
from ._w_elm import WELMClassifier

__all__ = [
    "CSAdaBoostClassifier",
    "CSRandomForestClassifier",
    "CSXGBClassifier",
    "EasyEnsembleClassifier",
    "RUSBoostClassifier",
    "WELMClassifier",
]
