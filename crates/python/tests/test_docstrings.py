"""Every public name has a docstring in numpydoc's form, with an example that runs."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import fuzzysvm

# Docstring, summary with a period, parameters that are those of the signature, returned values.
SECTIONS = {"GL08", "SS03", "PR01", "PR02", "PR03", "RT01"}


def public_modules():
    """The package and its modules whose names have no underscore."""
    yield fuzzysvm
    for info in pkgutil.walk_packages(fuzzysvm.__path__, "fuzzysvm."):
        if not any(part.startswith("_") for part in info.name.split(".")):
            yield importlib.import_module(info.name)


def public_names():
    """Full names of all public functions and classes."""
    for module in public_modules():
        for name in module.__all__:
            if callable(getattr(module, name)):
                yield f"{module.__name__}.{name}"


def found(name):
    """The function or class of this name."""
    module, _, last = name.rpartition(".")
    return getattr(importlib.import_module(module), last)


def methods(name):
    """Full names of the public methods that the class itself defines."""
    members = vars(found(name)).items()
    kinds = (classmethod, staticmethod)
    return [f"{name}.{m}" for m, v in members if m[0] != "_" and (inspect.isfunction(v) or isinstance(v, kinds))]


NAMES = sorted(public_names())


def test_there_are_names():
    assert {"fuzzysvm.FuzzySVC", "fuzzysvm.membership.iefsvm", "fuzzysvm.display.MembershipDisplay"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_sections(name):
    validate = pytest.importorskip("numpydoc.validate", reason="numpydoc is not installed").validate
    errors = {name: validate(name)["errors"]}
    if inspect.isclass(found(name)):
        errors |= {method: validate(method)["errors"] for method in methods(name)}
    assert [(n, *error) for n, of_name in errors.items() for error in of_name if error[0] in SECTIONS] == []


@pytest.mark.filterwarnings("ignore:FigureCanvasAgg is non-interactive")
@pytest.mark.parametrize("name", NAMES)
def test_examples(name):
    assert run_examples(name, inspect.getdoc(found(name)))
    if inspect.isclass(found(name)):
        for method in methods(name):
            run_examples(method, inspect.getdoc(getattr(found(name), method.rpartition(".")[2])))


def test_examples_of_modules():
    assert run_examples("fuzzysvm", fuzzysvm.__doc__)
    for module in public_modules():
        run_examples(module.__name__, module.__doc__)


def run_examples(name, text):
    """Runs the examples of a docstring itself: the finder does not see functions that are made by others."""
    test = doctest.DocTestParser().get_doctest(text, {}, name, None, None)
    if "matplotlib" in test.docstring:
        pytest.importorskip("matplotlib", reason="matplotlib is not installed").use("agg")
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(test)
    assert runner.summarize(verbose=False).failed == 0
    return len(test.examples)
