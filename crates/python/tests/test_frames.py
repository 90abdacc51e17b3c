"""Files as frames."""

import gzip
import subprocess

import numpy as np
import pandas as pd
import pytest

from fuzzysvm import read_keel, read_lending_club

LOANS = """Notes offered by Prospectus
id,loan_status,term,int_rate,issue_d,funded_amnt,loan_amnt,total_pymnt,recoveries,collection_recovery_fee,\
last_pymnt_d,last_pymnt_amnt,sub_grade,emp_length,purpose,annual_inc,earliest_cr_line,revol_util
7,Fully Paid, 36 months,10.65%,Dec-2011,1000,1000,1100.5,0,0,Jan-2015,33,B2,10+ years,Credit Card,24000,Jan-1985,83.7%
8,Charged Off, 36 months,15.27%,Nov-2011,2000,2500,300,100,10,Apr-2012,60,C4,< 1 year,car,,Apr-1999,
9,Current, 36 months,15.27%,Nov-2011,2000,2500,300,0,0,Apr-2012,60,C4,< 1 year,car,1,Apr-1999,9.4%
10,Fully Paid, 60 months,15.96%,Dec-2011,2400,2400,3005,0,0,Jun-2014,649,C5,n/a,house,12252,Nov-2001,98.5%

Total amount funded in policy code 1: 1000
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "loans.csv"
    path.write_text(LOANS)
    return path


def test_lending_club_by_hand(path):
    frame = read_lending_club(path)
    assert frame.attrs["read"] == 4
    assert frame.attrs["dropped"] == {"not finished: current": 1, "another term": 1}
    assert frame.attrs["other_lines"] == {"notes": 1, "repeated_headers": 0, "sections": 0, "footers": 1, "blank": 0}
    assert frame.columns.tolist() == frame.attrs["features"] + frame.attrs["outcomes"]
    assert not set(frame.attrs["outcomes"]) & set(frame.attrs["features"])
    assert frame["loan_status"].tolist() == ["Fully Paid", "Charged Off"]
    assert frame["default"].tolist() == [0, 1]
    np.testing.assert_allclose(frame["int_rate"], [0.1065, 0.1527])
    assert frame["loan_amnt"].tolist() == [1000, 2500] and frame["funded_amnt"].tolist() == [1000, 2000]
    assert frame["sub_grade"].tolist() == ["B2", "C4"] and (frame["sub_grade"] < "C1").tolist() == [True, False]
    assert frame["emp_length"].tolist() == [10, 0]
    assert frame["purpose"].tolist() == ["credit_card", "car"]
    np.testing.assert_array_equal(frame["annual_inc"], [24000, np.nan])
    np.testing.assert_allclose(frame["revol_util"], [0.837, np.nan])
    np.testing.assert_allclose(frame["credit_history_years"], [26 + 11 / 12, 12 + 7 / 12])
    assert frame["issue_d"].tolist() == [pd.Timestamp("2011-12-01"), pd.Timestamp("2011-11-01")]
    assert frame["id"].tolist() == [7, 8]


def test_options_of_lending_club(path, tmp_path):
    assert read_lending_club(path, term=60)["id"].tolist() == [10]
    frame = read_lending_club([path], term=None, features=["purpose", "revol_util"])
    assert frame.attrs["features"] == ["purpose", "revol_util"] and frame["id"].tolist() == [7, 8, 10]
    assert frame["purpose"].cat.categories.tolist() == ["credit_card", "car", "house"]
    other = tmp_path / "other.csv.gz"
    other.write_bytes(gzip.compress(LOANS.replace("loan_amnt", "asked").encode()))
    frame = read_lending_club(other, map={"asked": "loan_amnt"})
    assert frame["loan_amnt"].tolist() == [1000, 2500]
    assert list(read_lending_club(path, features=[" INT_RATE", "Sub_Grade"]).columns[:2]) == ["int_rate", "sub_grade"]
    with pytest.raises(ValueError, match="path must be a path or a list of paths; got 3"):
        read_lending_club(3)
    with pytest.raises(ValueError, match="term must be 36, 60 or None; got 48"):
        read_lending_club(path, term=48)
    with pytest.raises(ValueError, match="total_pymnt"):
        read_lending_club(path, features=["total_pymnt"])


def test_a_simulated_book_is_what_pandas_reads(tmp_path, binary):
    path = tmp_path / "book.csv"
    subprocess.run([binary, "simulate-loans", "--n", "600", "--output", path], check=True)
    frame = read_lending_club(path, term=None, include_off_policy=True).set_index("id")
    theirs = pd.read_csv(path, skiprows=1, low_memory=False)
    theirs = theirs[pd.to_numeric(theirs["id"], errors="coerce").notna()].astype({"id": float}).set_index("id")
    status = theirs["loan_status"].str.replace("Does not meet the credit policy. Status:", "")
    finished = theirs[status.isin(["Fully Paid", "Charged Off", "Default"])]
    assert frame.attrs["read"] == len(theirs)
    assert frame.attrs["read"] - sum(frame.attrs["dropped"].values()) == len(frame)
    assert sorted(frame.index) == sorted(finished.index)
    finished = finished.loc[frame.index]
    for column in ("loan_amnt", "funded_amnt", "total_pymnt", "recoveries", "dti", "open_acc", "annual_inc"):
        np.testing.assert_allclose(frame[column], finished[column].astype(float), err_msg=column)
    np.testing.assert_allclose(frame["int_rate"], finished["int_rate"].str.rstrip("%").astype(float) / 100)
    assert (frame["home_ownership"].astype(str) == finished["home_ownership"].str.lower()).all()
    assert (frame["sub_grade"].astype(str) == finished["sub_grade"]).all()


KEEL = """@relation toy
@attribute Size real [0, 9]
@attribute Colour {red, blue, green}
@attribute Class {no, yes}
@inputs Size, Colour
@outputs Class
@data
1.5, red, no
<null>, blue, no
3.5, <null>, yes
0.5, blue, no
"""


@pytest.mark.filterwarnings("error")
def test_keel_by_hand(tmp_path):
    path = tmp_path / "toy.dat"
    path.write_text(KEEL)
    frame = read_keel(path)
    assert frame.columns.tolist() == ["Size", "Colour", "Class"]
    np.testing.assert_array_equal(frame["Size"], [1.5, np.nan, 3.5, 0.5])
    assert frame["Colour"].astype(object).fillna("none").tolist() == ["red", "blue", "none", "blue"]
    assert frame["Class"].tolist() == ["no", "no", "yes", "no"]
    assert frame.attrs == {"features": ["Size", "Colour"], "target": "Class", "classes": ["no", "yes"]}
    assert read_keel(path, positive="no").attrs["classes"] == ["yes", "no"]
    path.write_text(KEEL.replace("1.5,", "1.x,"))
    with pytest.raises(ValueError, match=r"toy.dat:8:1: .*1\.x"):
        read_keel(path)
