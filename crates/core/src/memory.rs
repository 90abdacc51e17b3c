//! The most memory that the process may take, and the check before an allocation whose size data decide.
//!
//! A small file can ask for a large matrix. Before such a matrix is made, [`check`] compares what it takes, beside what
//! the process holds already, with [`limit`]: three quarters of the machine's memory (or of that of its control group),
//! unless [`set_limit`] or the environment variable [`VARIABLE`] says otherwise.

use std::env;
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// The limit where the machine does not say how much memory it has: 4 GiB.
pub const WITHOUT_KNOWLEDGE: u64 = 4 << 30;

/// The environment variable that holds a limit, where [`set_limit`] is out of reach: a size as [`parse_size`] reads it.
/// What is no size counts as none.
pub const VARIABLE: &str = "FUZZYSVM_MAX_MEMORY";

/// The least that a limit may be: 16 MiB.
pub const LEAST: u64 = 16 << 20;

/// What is no larger is not weighed against what the process holds: asking the system takes longer.
const SMALL: u64 = 16 << 20;

/// 0 while nobody has said or asked.
static LIMIT: AtomicU64 = AtomicU64::new(0);

/// An allocation that exceeds the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{} of memory{}, expected at most {} (max_memory)",
    Size(*.needed),
    Beside(*.in_use),
    Size(*.limit)
)]
#[non_exhaustive]
pub struct OverLimit {
    /// Bytes that it takes.
    pub needed: u64,
    /// Bytes that the process holds already.
    pub in_use: u64,
    /// The limit in bytes.
    pub limit: u64,
}

/// Bytes in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(
    /// Bytes.
    pub u64,
);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u32, &str); 3] = [(40, "TiB"), (30, "GiB"), (20, "MiB")];
        let unit = UNITS.iter().find(|(shift, _)| self.0 >= 1 << shift);
        match unit {
            Some((shift, name)) => {
                let value = self.0 as f64 / (1_u64 << shift) as f64;
                write!(f, "{value:.1} {name}")
            }
            None => write!(f, "{} KiB", self.0.div_ceil(1 << 10)),
        }
    }
}

/// What is held already, in words, where that matters.
struct Beside(u64);

impl fmt::Display for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => Ok(()),
            held => write!(f, " beside {} in use", Size(held)),
        }
    }
}

/// The most bytes that the process may hold.
pub fn limit() -> u64 {
    match LIMIT.load(Ordering::Relaxed) {
        0 => {
            let found = default_limit();
            // Another thread may have set one meanwhile: that one counts.
            match LIMIT.compare_exchange(0, found, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => found,
                Err(set) => set,
            }
        }
        set => set,
    }
}

/// Sets the limit of this process, at least [`LEAST`].
pub fn set_limit(bytes: u64) {
    LIMIT.store(bytes.max(LEAST), Ordering::Relaxed);
}

/// Checks that `bytes` more are within the limit.
///
/// # Errors
/// [`OverLimit`] where they are not.
pub fn check(bytes: u64) -> Result<(), OverLimit> {
    let limit = limit();
    let in_use = match bytes {
        0..=SMALL => 0,
        _ if bytes > limit => 0,
        _ => resident().unwrap_or(0),
    };
    match in_use.saturating_add(bytes) > limit {
        true => Err(OverLimit {
            needed: bytes,
            in_use,
            limit,
        }),
        false => Ok(()),
    }
}

/// As [`check`], of `rows` × `columns` numbers of 8 bytes.
///
/// # Errors
/// [`OverLimit`] where they exceed the limit.
pub fn check_matrix(rows: usize, columns: usize) -> Result<(), OverLimit> {
    check(
        (rows as u64)
            .saturating_mul(columns as u64)
            .saturating_mul(8),
    )
}

/// A size as it is written: bytes, or with `K`, `M`, `G` or `T` behind the number (powers of 1024), also `KiB`, `kB`.
///
/// ```
/// use fuzzysvm_core::memory::parse_size;
/// assert_eq!(parse_size("1.5G"), Some(1_610_612_736));
/// assert_eq!(parse_size("512 MiB"), Some(512 << 20));
/// assert_eq!(parse_size("much"), None);
/// ```
pub fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let end = text.find(|c: char| c.is_ascii_alphabetic());
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let shift = match unit {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        _ => return None,
    };
    let bytes = number.trim().parse::<f64>().ok()? * f64::from(shift).exp2();
    // From f64 to u64 a number is cut, and one that is too large becomes the largest.
    (bytes.is_finite() && bytes >= 0.0).then_some(bytes as u64)
}

fn default_limit() -> u64 {
    let asked = env::var(VARIABLE).ok();
    default_of(asked.as_deref(), machine())
}

/// What is asked for, where that is a size, else by what the machine has.
fn default_of(asked: Option<&str>, machine: Option<u64>) -> u64 {
    match (asked.and_then(parse_size), machine) {
        (Some(bytes), _) => bytes.max(LEAST),
        (None, Some(bytes)) => (bytes / 4 * 3).max(LEAST),
        (None, None) => WITHOUT_KNOWLEDGE,
    }
}

/// The memory of the machine, or of the control groups that the process is in where these have less.
fn machine() -> Option<u64> {
    let total = kilobytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemTotal:")?;
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let of_groups = group_files(&groups)
        .into_iter()
        .filter_map(|file| fs::read_to_string(file).ok()?.trim().parse::<u64>().ok());
    of_groups.chain([total]).min()
}

/// The files that hold the limits of the control groups: of each group and of those above it, in either version of the
/// interface; inside a container the paths are those of the host, and the group itself is the root.
fn group_files(groups: &str) -> Vec<String> {
    let mut files = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else {
            continue;
        };
        let (root, file) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            _ if controllers.split(',').any(|c| c == "memory") => {
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => continue,
        };
        for group in Path::new(path).ancestors() {
            let group = group.to_string_lossy();
            files.push(format!("{root}{}/{file}", group.trim_end_matches('/')));
        }
    }
    files
}

/// What the process holds.
fn resident() -> Option<u64> {
    kilobytes(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

/// Bytes of a line `NAME 123 kB`.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number = line.split_whitespace().next()?;
    number.parse::<u64>().ok()?.checked_mul(1 << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_shown() {
        let cases = [
            ("0", Some(0)),
            ("1000", Some(1000)),
            ("4G", Some(4 << 30)),
            ("4g", Some(4 << 30)),
            ("4GiB", Some(4 << 30)),
            ("1.5 MB", Some(3 << 19)),
            ("2T", Some(2 << 40)),
            ("1e3k", None),
            ("", None),
            ("G", None),
            ("-1G", None),
            ("4GG", None),
            ("inf", None),
            ("99999999999999T", Some(u64::MAX)),
        ];
        for (text, bytes) in cases {
            assert_eq!(parse_size(text), bytes, "{text:?}");
        }
        for (bytes, text) in [
            (0, "0 KiB"),
            (1, "1 KiB"),
            (3 << 19, "1.5 MiB"),
            (4 << 30, "4.0 GiB"),
            (5 << 40, "5.0 TiB"),
        ] {
            assert_eq!(Size(bytes).to_string(), text);
        }
    }

    #[test]
    fn the_default_is_what_is_asked_for_or_a_part_of_the_machine() {
        for (asked, machine, expected) in [
            (None, Some(8 << 30), 6 << 30),
            (None, None, WITHOUT_KNOWLEDGE),
            (Some("2G"), Some(8 << 30), 2 << 30),
            (Some("12G"), Some(8 << 30), 12 << 30),
            (Some("much"), Some(8 << 30), 6 << 30),
            (Some("1"), None, LEAST),
            (None, Some(1), LEAST),
        ] {
            assert_eq!(default_of(asked, machine), expected);
        }
    }

    #[test]
    fn the_groups_of_both_interfaces_are_found() {
        assert_eq!(
            group_files("0::/a/b\n"),
            [
                "/sys/fs/cgroup/a/b/memory.max",
                "/sys/fs/cgroup/a/memory.max",
                "/sys/fs/cgroup/memory.max",
            ]
        );
        assert_eq!(
            group_files("5:cpu,memory:/x\n4:pids:/x\nbroken\n"),
            [
                "/sys/fs/cgroup/memory/x/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes",
            ]
        );
        let meminfo = "MemFree:  1 kB\nMemTotal:   24 kB\n";
        assert_eq!(kilobytes(meminfo, "MemTotal:"), Some(24 << 10));
        assert_eq!(kilobytes("MemTotal: many\n", "MemTotal:"), None);
    }

    #[test]
    fn what_exceeds_the_limit_is_refused_with_the_figures() {
        // The one test that reads the limit of the process: it sets none.
        assert!(limit() >= LEAST);
        assert_eq!(check(1 << 20), Ok(()));
        let e = check(u64::MAX).unwrap_err();
        assert_eq!((e.needed, e.in_use, e.limit), (u64::MAX, 0, limit()));
        assert!(check_matrix(usize::MAX, usize::MAX).is_err());
        let e = OverLimit {
            needed: 3 << 30,
            in_use: 2 << 30,
            limit: 4 << 30,
        };
        assert_eq!(
            e.to_string(),
            "3.0 GiB of memory beside 2.0 GiB in use, expected at most 4.0 GiB (max_memory)"
        );
    }
}
