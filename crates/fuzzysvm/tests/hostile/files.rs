//! 29 to 33: data and model files.

use crate::*;
use std::fmt::Write;

/// A model file with one value replaced, and a length and a checksum that fit the new content.
fn edited(pointer: &str, value: serde_json::Value) -> Seen {
    let mut json: serde_json::Value = serde_json::from_str(&model()?.to_json()?)?;
    *json.pointer_mut(pointer).ok_or("no such field")? = value;
    let read = |json: &serde_json::Value| ModelFile::from_json(&json.to_string());
    let mut seen = read(&json);
    if seen.is_ok() {
        return Err("the checksum did not notice".into());
    }
    if let Err(ModelFileError::Envelope(EnvelopeError::Length { computed, .. })) = &seen {
        json["length"] = (*computed).into();
        seen = read(&json);
    }
    if let Err(ModelFileError::Envelope(EnvelopeError::Checksum { computed, .. })) = &seen {
        json["checksum"] = computed.as_str().into();
        seen = read(&json);
    }
    Ok(format!("{:?}", seen?))
}

pub fn data_files(cases: &mut Cases) {
    for (number, bytes, expected) in [
        (
            29,
            &b"1 1:1\n-1 2:1 1:1\n"[..],
            Error(&["a.svm:2:8", "index 1 after 2"]),
        ),
        (29, b"1 1:1 1:1\n", Error(&["a.svm:1:7", "index 1 after 1"])),
        (29, b"1 1:1 garbage\n", Error(&["a.svm:1:7", "garbage"])),
        (29, b"yes 1:1\n", Error(&["a.svm:1:1", "yes"])),
        (29, b"1 1:\n", Error(&["a.svm:1:3", "\"\""])),
        (29, b"1 1:nan\n", Error(&["a.svm:1:3", "nan"])),
        (29, b"1 1:1e999\n", Error(&["a.svm:1:3", "1e999"])),
        (29, b"nan 1:1\n", Error(&["a.svm:1:1", "nan"])),
        (29, b"1 -1:1\n", Error(&["a.svm:1:3", "-1:1"])),
        (
            29,
            b"1 4000000000:1\n",
            Error(&["a.svm:1:3", "index 4000000000"]),
        ),
        (29, b"1 99999999999999999999999:1\n", Error(&["a.svm:1:3"])),
        (29, b"1 1:1\n\xff\xfe\n", Error(&["a.svm:2:1", "byte 0xFF"])),
        (30, b"1 1:1 0:1\n", Error(&["a.svm:1:7", "index 0 after 1"])),
        (30, b"", Error(&["a.svm: found an empty file"])),
        (
            30,
            b"# no more than words\n",
            Error(&["a.svm: found an empty file"]),
        ),
        (30, b"1\n-1\n1\n", Error(&["a.svm: found no feature"])),
    ] {
        let name = format!("a.svm with {:?}", String::from_utf8_lossy(bytes));
        cases.add(number, name, expected, move || table("a.svm", bytes));
    }
    cases.add(
        29,
        "truncated gzip",
        Error(&["a.csv", "truncated gzip"]),
        || table_file("a.csv.gz", b"\x1f\x8b\x08\x00junk"),
    );
    for file in ["a.csv", "a.svm"] {
        let name = format!("300 classes, {file}");
        cases.add(33, name, Error(&["classes", "expected two"]), move || {
            let mut text = String::from(if file == "a.csv" { "a,y\n" } else { "" });
            for i in 0..300 {
                let separator = if file == "a.csv" { "," } else { " 1:" };
                writeln!(text, "{i}{separator}{i}")?;
            }
            table(file, text.as_bytes())
        });
    }
    cases.add(
        36,
        "a file that is not there",
        Error(&["no/such.csv: "]),
        || {
            Ok(format!(
                "{:?}",
                read("no/such.csv".as_ref(), &ReadOptions::default())?
            ))
        },
    );
}

/// As [`table`] for what is only looked at in files on disk.
fn table_file(name: &str, bytes: &[u8]) -> Seen {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(name);
    std::fs::write(&path, bytes)?;
    let seen = read(&path, &ReadOptions::default());
    std::fs::remove_file(&path)?;
    Ok(format!("{:?}", seen?))
}

pub fn model_files(cases: &mut Cases) {
    cases.add(31, "truncated JSON", Answer(&["every one refused"]), || {
        let text = model()?.to_json()?;
        match (0..text.len()).find(|&end| ModelFile::from_json(&text[..end]).is_ok()) {
            Some(end) => Ok(format!("read when cut at {end}")),
            None => Ok("every one refused".to_owned()),
        }
    });
    cases.add(
        31,
        "truncated LIBSVM text",
        Answer(&["every line refused"]),
        || {
            let text = model()?.to_libsvm()?;
            let ends = text
                .match_indices('\n')
                .map(|(at, _)| at)
                .collect::<Vec<_>>();
            // Without its last line, the checksum, it is a text as LIBSVM writes it.
            let mut cut = ends[..ends.len() - 2].iter();
            match cut.find(|&&end| from_libsvm(&text[..end], None).is_ok()) {
                Some(end) => Ok(format!("read when cut at {end}")),
                None => Ok("every line refused".to_owned()),
            }
        },
    );
    for text in ["", "garbage", "{}", "\u{0}\u{1}\u{7f}", "[[[[", "1e999"] {
        cases.add(
            31,
            format!("{text:?} as JSON"),
            Error(&["line 1", "column"]),
            move || Ok(format!("{:?}", ModelFile::from_json(text)?)),
        );
        cases.add(
            31,
            format!("{text:?} as LIBSVM text"),
            Error(&["line 1"]),
            move || Ok(format!("{:?}", from_libsvm(text, None)?)),
        );
    }
    cases.add(31, "deep JSON", Error(&["line 1"]), || {
        let deep = format!("{{\"format\":{}", "[".repeat(100_000));
        Ok(format!("{:?}", ModelFile::from_json(&deep)?))
    });
    let unknown = Error(&["quantum", "known are", "rbf"]);
    cases.add(31, "unknown kernel", unknown, || {
        edited("/model/kernel/kernel", "quantum".into())
    });
    cases.add(
        31,
        "unknown LIBSVM kernel",
        Error(&["line 2", "quantum"]),
        || {
            let text = model()?.to_libsvm()?.replace("rbf", "quantum");
            Ok(format!("{:?}", from_libsvm(&text, None)?))
        },
    );
    cases.add(
        32,
        "a digit changed",
        Error(&["checksum", "was changed"]),
        || {
            let text = model()?
                .to_json()?
                .replace("\"gamma\":0.5", "\"gamma\":0.6");
            Ok(format!("{:?}", ModelFile::from_json(&text)?))
        },
    );
    cases.add(
        32,
        "a digit of LIBSVM text changed",
        Error(&["line", "checksum", "was changed"]),
        || {
            let text = model()?.to_libsvm()?.replace("gamma 5e-1", "gamma 6e-1");
            Ok(format!("{:?}", from_libsvm(&text, None)?))
        },
    );
    for (pointer, value, expected) in [
        (
            "/model/n_support",
            serde_json::json!([1_000_000_000, 2]),
            Error(&["`n_support`"]),
        ),
        (
            "/model/support",
            serde_json::json!([0]),
            Error(&["`support` has 1 entries"]),
        ),
        (
            "/model/support/0",
            serde_json::json!(99),
            Error(&["`support` must ascend"]),
        ),
        (
            "/model/dual_coef",
            serde_json::json!([1.0]),
            Error(&["`support`", "`dual_coef` 1"]),
        ),
        (
            "/model/support_vectors",
            serde_json::json!([]),
            Error(&["`support_vectors` has 0"]),
        ),
        (
            "/model/n_features",
            serde_json::json!(u64::MAX),
            Error(&["`support_vectors`"]),
        ),
        (
            "/model/n_samples",
            serde_json::json!(1),
            Error(&["`support`", "below 1"]),
        ),
        (
            "/model/intercept",
            serde_json::json!(null),
            Error(&["line 1", "null"]),
        ),
        (
            "/model/intercept",
            serde_json::json!("NaN"),
            Error(&["line 1", "NaN"]),
        ),
        (
            "/model/kernel/gamma",
            serde_json::json!(-1.0),
            Error(&["`kernel`", "gamma"]),
        ),
        (
            "/model/kernel",
            serde_json::json!({"kernel": "rbf"}),
            Error(&["gamma"]),
        ),
        (
            "/schema",
            serde_json::json!(3),
            Error(&["schema is 3", "reads schemas 1 and 2"]),
        ),
        ("/schema", serde_json::json!(99), Error(&["schema is 99"])),
        // The one before: its files have other fields.
        (
            "/schema",
            serde_json::json!(1),
            Error(&["line 1", "unknown field"]),
        ),
        (
            "/format",
            serde_json::json!("other"),
            Error(&["format is \"other\""]),
        ),
    ] {
        cases.add(32, format!("{pointer} = {value}"), expected, move || {
            edited(pointer, value)
        });
    }
    for (from, to, expected) in [
        (
            "total_sv 4",
            "total_sv 4000000000",
            Error(&["does not add up"]),
        ),
        (
            "nr_sv 2 2",
            "nr_sv 3 1",
            Error(&["line", "coefficient", "> 0"]),
        ),
        (
            "nr_sv 2 2",
            "nr_sv 18446744073709551615 5",
            Error(&["does not add up"]),
        ),
        ("rho ", "rho nan", Error(&["line 6", "`rho`"])),
        ("gamma ", "coef0 ", Error(&["`gamma` is missing"])),
        (
            "svm_type c_svc",
            "svm_type epsilon_svr",
            Error(&["line 1", "epsilon_svr"]),
        ),
        ("nr_class 2", "nr_class 3", Error(&["line 4", "nr_class"])),
        (" 2:", " 4000000000:", Error(&["4000000000"])),
        (" 1:", " 0:", Error(&["index 0"])),
        ("SV\n", "SV\n0.5 1:1\n", Error(&["coefficient"])),
    ] {
        cases.add(
            32,
            format!("LIBSVM text with {to:?}"),
            expected,
            move || {
                let text = model()?.to_libsvm()?;
                let edited = text.replace(from, to);
                if edited == text {
                    return Ok(format!("nothing to replace in {text}"));
                }
                Ok(format!("{:?}", from_libsvm(&edited, None)?))
            },
        );
    }
}
