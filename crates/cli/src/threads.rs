//! The worker threads of a run.

use std::num::NonZero;
use std::thread::available_parallelism;

use crate::failure::Failure;

/// As many threads as any machine may be asked for; one with more cores takes as many as it has.
const MOST: usize = 256;

/// Starts the threads: as many as are asked for, else as `RAYON_NUM_THREADS` says, else one per core.
pub fn start(asked: Option<u16>) -> Result<(), Failure> {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let of_environment = std::env::var("RAYON_NUM_THREADS").ok();
    let n = number(asked, of_environment.as_deref(), cores)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n);
    pool.build_global().map_err(|e| {
        Failure::run(format!(
            "cannot start {n} threads ({e}); --threads takes fewer"
        ))
    })
}

/// How many; a wish of the environment that no machine can meet is cut, one on the command line is refused.
fn number(
    asked: Option<u16>,
    of_environment: Option<&str>,
    cores: usize,
) -> Result<usize, Failure> {
    let most = MOST.max(cores);
    let of_environment = of_environment.and_then(|text| text.trim().parse::<usize>().ok());
    match (asked.map(usize::from), of_environment) {
        (Some(n), _) if n > most => Err(Failure::usage(format!(
            "--threads {n}: expected at most {most} on this machine"
        ))),
        (Some(n), _) => Ok(n),
        (None, Some(n)) if n > 0 => Ok(n.min(most)),
        (None, _) => Ok(cores),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_before_the_environment_and_cores_last() {
        for (asked, of_environment, cores, expected) in [
            (None, None, 2, 2),
            (Some(7), Some("3"), 2, 7),
            (None, Some("3"), 2, 3),
            (None, Some("10000"), 2, 256),
            (None, Some("10000"), 1024, 1024),
            (None, Some("0"), 2, 2),
            (None, Some("many"), 2, 2),
            (Some(256), None, 2, 256),
        ] {
            assert_eq!(number(asked, of_environment, cores).ok(), Some(expected));
        }
        let refused = number(Some(257), None, 2).unwrap_err();
        let words = "--threads 257: expected at most 256 on this machine";
        assert_eq!(refused.message().as_deref(), Some(words));
    }
}
