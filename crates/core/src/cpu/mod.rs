//! Which code of several runs: inner loops are compiled once for each [`Level`] of processors and chosen at run time.
//!
//! [`per_cpu!`](crate::per_cpu) makes such a function of a body that is generic over [`Cpu`]. All of them follow
//! [`level`]: the best one that the processor has, or the one that the environment variable [`VARIABLE`] names, for tests
//! and bug reports. The numbers are the same at every level: vectors add up in the same order whatever their width, and
//! where the processor has no fused multiply-add, [`mul_add_f32`] and [`mul_add_f64`] compute it.

mod fused;
#[cfg(feature = "nalgebra")]
mod gemm;
mod per_cpu;

use std::env;
use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::quote::quoted;

pub use fused::{mul_add_f32, mul_add_f64};
#[cfg(feature = "nalgebra")]
pub use gemm::{Product, gemm};

/// The environment variable that chooses a level: `baseline`, `avx2` or `avx512`. It is read once.
pub const VARIABLE: &str = "FUZZYSVM_CPU";

/// A set of instructions, the lower ones first. Beyond x86-64 there is one level, the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Level {
    /// What every processor has for which this is compiled: SSE2 on x86-64, NEON on aarch64.
    Baseline,
    /// AVX2 and fused multiply-add, with the bit instructions that came with them.
    Avx2,
    /// AVX-512 F, VL, BW, DQ and CD.
    Avx512,
}

impl Level {
    /// All levels, the lower ones first.
    pub const ALL: [Self; 3] = [Self::Baseline, Self::Avx2, Self::Avx512];

    /// Its name, as [`VARIABLE`] has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// The highest level that this processor has.
    pub fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            // What `per_cpu!` compiles for.
            macro_rules! has {
                ($($feature:tt),*) => { $(is_x86_feature_detected!($feature))&&* };
            }
            if has!("avx2", "fma", "bmi1", "bmi2", "lzcnt", "popcnt") {
                return match has!("avx512f", "avx512vl", "avx512bw", "avx512dq", "avx512cd") {
                    true => Self::Avx512,
                    false => Self::Avx2,
                };
            }
        }
        Self::Baseline
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why [`VARIABLE`] chooses no level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CpuError {
    /// There is no such level.
    #[error("{VARIABLE}: found {}, expected baseline, avx2 or avx512", quoted(.0))]
    Unknown(String),
    /// The processor is not of this level.
    #[error("{VARIABLE}: this processor has no {0}, expected at most {best}", best = Level::best())]
    Missing(Level),
}

/// The level that the environment asks for, else the best one.
///
/// # Errors
/// [`CpuError`]: no level has the name, or the processor is not of it.
pub fn asked() -> Result<Level, CpuError> {
    match env::var_os(VARIABLE) {
        Some(name) if !name.is_empty() => choose(&name.to_string_lossy(), Level::best()),
        _ => Ok(Level::best()),
    }
}

fn choose(name: &str, best: Level) -> Result<Level, CpuError> {
    let level = Level::ALL.into_iter().find(|level| level.name() == name);
    match level {
        Some(level) if level > best => Err(CpuError::Missing(level)),
        Some(level) => Ok(level),
        None => Err(CpuError::Unknown(name.to_owned())),
    }
}

/// The level of all functions that [`per_cpu!`](crate::per_cpu) makes, which this processor has: the one of [`asked`], or
/// the best one where that is an error. A program that wants to say so asks for itself.
#[inline]
pub fn level() -> Level {
    match LEVEL.load(Ordering::Relaxed) {
        BASELINE => Level::Baseline,
        AVX2 => Level::Avx2,
        AVX512 => Level::Avx512,
        _ => find_level(),
    }
}

/// [`UNKNOWN`], or a level that this processor has, in its place of [`Level::ALL`].
static LEVEL: AtomicU8 = AtomicU8::new(UNKNOWN);
const BASELINE: u8 = Level::Baseline as u8;
const AVX2: u8 = Level::Avx2 as u8;
const AVX512: u8 = Level::Avx512 as u8;
const UNKNOWN: u8 = u8::MAX;

#[cold]
fn find_level() -> Level {
    let level = asked().unwrap_or_else(|_| Level::best());
    LEVEL.store(level as u8, Ordering::Relaxed);
    level
}

/// The level that a function is being compiled for.
pub trait Cpu {
    /// The level.
    const LEVEL: Level;
    /// Whether it has an instruction for fused multiply-add.
    const FMA: bool;
}

/// [`Level::Baseline`].
#[derive(Debug)]
pub struct Baseline;
/// [`Level::Avx2`].
#[derive(Debug)]
pub struct Avx2;
/// [`Level::Avx512`].
#[derive(Debug)]
pub struct Avx512;

impl Cpu for Baseline {
    const LEVEL: Level = Level::Baseline;
    const FMA: bool = cfg!(any(target_arch = "aarch64", target_feature = "fma"));
}

impl Cpu for Avx2 {
    const LEVEL: Level = Level::Avx2;
    const FMA: bool = true;
}

impl Cpu for Avx512 {
    const LEVEL: Level = Level::Avx512;
    const FMA: bool = true;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_chosen_by_its_name_if_the_processor_has_it() {
        for best in Level::ALL {
            for level in Level::ALL {
                let chosen = choose(level.name(), best);
                if level <= best {
                    assert_eq!(chosen, Ok(level));
                } else {
                    assert_eq!(chosen, Err(CpuError::Missing(level)));
                }
            }
            assert_eq!(
                choose("sse9", best),
                Err(CpuError::Unknown("sse9".to_owned()))
            );
        }
        let words = choose("AVX2", Level::Avx512).unwrap_err().to_string();
        assert_eq!(
            words,
            "FUZZYSVM_CPU: found \"AVX2\", expected baseline, avx2 or avx512"
        );
        let words = CpuError::Missing(Level::Avx512).to_string();
        assert!(words.starts_with("FUZZYSVM_CPU: this processor has no avx512, expected at most "));
    }

    #[test]
    fn the_level_is_one_that_the_processor_has() {
        assert!(level() <= Level::best());
        assert_eq!(level(), level());
    }
}
