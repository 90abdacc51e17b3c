//! Data sets that are not independent of one another: they share samples, or come from one source.

use std::collections::HashSet;

use fuzzysvm_core::envelope::fnv1a;

use super::DataSet;

/// The groups of two and more sets that belong together, by their places; sets and groups in the order given.
///
/// Two sets belong together where at least half of the different rows of the smaller one stand in the other too, whatever
/// their classes, or where both are KEEL files (`.dat`) whose names begin alike up to the first digit, as `yeast1` and
/// `yeast-2_vs_4` do: two such sets may be made of other classes of one source, without a row in common.
pub(super) fn families(sets: &[&DataSet]) -> Vec<Vec<usize>> {
    let rows: Vec<HashSet<u64>> = sets.iter().map(|s| rows(s)).collect();
    let stems: Vec<Option<&str>> = sets.iter().map(|s| keel_stem(s)).collect();
    // The first set of the family of each.
    let mut first: Vec<usize> = (0..sets.len()).collect();
    for i in 0..sets.len() {
        for j in 0..i {
            let together =
                share(&rows[i], &rows[j]) || (stems[i].is_some() && stems[i] == stems[j]);
            if together {
                let (to, from) = (first[i].min(first[j]), first[i].max(first[j]));
                for f in first.iter_mut().filter(|f| **f == from) {
                    *f = to;
                }
            }
        }
    }
    (0..sets.len())
        .map(|f| (0..sets.len()).filter(|&i| first[i] == f).collect())
        .filter(|group: &Vec<usize>| group.len() > 1)
        .collect()
}

/// Hashes of the different rows; rows of other widths differ.
fn rows(set: &DataSet) -> HashSet<u64> {
    let x = set.x().view();
    let hash = |i| {
        // −0 + 0 is 0.
        let bits = x.row(i).iter().map(|v| (v + 0.0).to_bits());
        fnv1a(bits.flat_map(u64::to_le_bytes))
    };
    (0..x.n_rows()).map(hash).collect()
}

fn share(a: &HashSet<u64>, b: &HashSet<u64>) -> bool {
    let (small, large) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let common = small.iter().filter(|row| large.contains(row)).count();
    2 * common >= small.len().max(1)
}

/// The name of a KEEL file up to the first digit, without the signs at its end; `None` for other files and for names that
/// have no digit or begin with one.
fn keel_stem(set: &DataSet) -> Option<&str> {
    let source = set.source().strip_suffix(".gz").unwrap_or(set.source());
    let name = source.rsplit(['/', '\\']).next()?.strip_suffix(".dat")?;
    let stem = name.split_once(|c: char| c.is_ascii_digit())?.0;
    let stem = stem.trim_end_matches(['-', '_']);
    (!stem.is_empty()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fuzzysvm_core::{Label, MatrixBuf};

    fn set(source: &str, values: &[f64]) -> DataSet {
        let x = MatrixBuf::new(values.to_vec(), 1).unwrap();
        let y = (0..values.len()).map(|i| Label::from_sign(i as f64 - 0.5));
        DataSet::new(source, source, x, y.collect()).unwrap()
    }

    #[test]
    fn sets_that_share_rows_or_a_keel_name_are_one_family() {
        let sets = [
            set("a.csv", &[1.0, 2.0, 3.0, 4.0]),
            set("keel/yeast1.dat", &[10.0, 11.0]),
            set("b.csv", &[5.0, 2.0, 6.0, 1.0, 7.0]),
            set("yeast-2_vs_4.dat.gz", &[12.0, 13.0]),
            set("c.csv", &[8.0, 9.0, 1.0]),
            // Names alone say nothing of other files.
            set("d1.csv", &[20.0, 21.0]),
            set("d2.csv", &[22.0, 23.0]),
            // In a row: it shares its rows with b, which shares them with a.
            set("e.csv", &[6.0, 7.0]),
        ];
        let all: Vec<&DataSet> = sets.iter().collect();
        assert_eq!(families(&all), [vec![0, 2, 7], vec![1, 3]]);
    }

    #[test]
    fn stems_are_those_of_keel_files() {
        for (source, stem) in [
            ("ecoli-0_vs_1.dat", Some("ecoli")),
            ("x/ecoli1.dat", Some("ecoli")),
            ("page-blocks-1-3_vs_4.dat.gz", Some("page-blocks")),
            ("wisconsin.dat", None),
            ("1.dat", None),
            ("ecoli1.csv", None),
        ] {
            assert_eq!(keel_stem(&set(source, &[1.0, 2.0])), stem, "{source}");
        }
    }
}
