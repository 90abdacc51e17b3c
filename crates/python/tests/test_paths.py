"""What cannot be opened is the OSError that ``open`` raises."""

import os
import subprocess
import sys
import threading

import pytest

from fuzzysvm import compare, lend, load_model, read_keel, read_lending_club

READERS = [load_model, read_keel, read_lending_club, lend]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("path", ["absent.csv", "absent/data.csv", "data.csv/data.csv", "."])
def test_the_error_is_that_of_open(read, path, tmp_path):
    (tmp_path / "data.csv").write_text("a,b\n")
    path = tmp_path / path
    with pytest.raises(OSError) as expected:
        open(path, "rb")
    with pytest.raises(type(expected.value)) as found:
        read(path)
    assert (found.value.errno, found.value.filename) == (expected.value.errno, str(path))
    assert str(found.value) == str(expected.value)
    # No other error is shown above it.
    assert found.value.__suppress_context__ and found.value.__cause__ is None


@pytest.mark.parametrize("read", READERS)
def test_a_file_without_permission(read, tmp_path):
    path = tmp_path / "data.csv"
    path.touch(mode=0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(PermissionError):
        read(path)


@pytest.mark.parametrize("read", READERS)
def test_a_file_of_another_kind_is_an_error_of_values(read, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("a,b\n")
    with pytest.raises(ValueError, match="data.csv"):
        read(path)


def test_of_several_files_the_first_that_is_absent(tmp_path):
    (tmp_path / "data.csv").write_text("a,b\n")
    with pytest.raises(FileNotFoundError, match="second.csv"):
        read_lending_club([tmp_path / "data.csv", tmp_path / "second.csv", tmp_path / "third.csv"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_read_once(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=("no relation\n",))
    writer.start()
    with pytest.raises(ValueError, match="pipe"):
        read_keel(path)
    writer.join()


def test_standard_input_is_no_file():
    program = "from fuzzysvm import read_keel\ntry: read_keel('-')\nexcept ValueError as e: print(e)"
    done = subprocess.run([sys.executable, "-c", program], input="", capture_output=True, text=True, check=True)
    assert done.stdout.startswith("standard input: ")


def test_data_sets_that_cannot_be_read_are_left_out(tmp_path):
    with pytest.raises(ValueError, match="absent.csv"):
        compare(tmp_path / "absent.csv", methods=["svm"])
