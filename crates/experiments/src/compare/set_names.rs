//! What `compare` calls the data sets in its files.

use std::path::{Path, PathBuf};

/// The file names without folder and extension; with them where two files would be alike.
pub(super) fn set_names(paths: &[PathBuf]) -> Vec<String> {
    let name = |path: &PathBuf| {
        let short = short_name(path);
        let alike = |other: &&PathBuf| *other != path && short_name(other) == short;
        match paths.iter().find(alike) {
            Some(_) => path.display().to_string(),
            None => short,
        }
    };
    paths.iter().map(name).collect()
}

fn short_name(path: &Path) -> String {
    let whole = path.file_name().unwrap_or_default().to_string_lossy();
    let name = whole.strip_suffix(".gz").unwrap_or(&whole);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_called_by_their_files_and_by_their_paths_where_those_are_alike() {
        let names = |paths: &[&str]| {
            let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
            set_names(&paths)
        };
        assert_eq!(
            names(&["a/glass0.dat", "yeast-1.2.csv.gz", ".dat"]),
            ["glass0", "yeast-1.2", ".dat"]
        );
        assert_eq!(
            names(&["a/x.dat", "b/x.dat", "y.dat"]),
            ["a/x.dat", "b/x.dat", "y"]
        );
        assert_eq!(names(&["x.dat", "x.dat"]), ["x", "x"]);
    }
}
