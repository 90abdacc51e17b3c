//! What the process finds and sets when it starts.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;

/// Whether standard output was closed when the process was started (`>&-`).
static STDOUT_CLOSED: AtomicBool = AtomicBool::new(false);

/// Refuses a run whose results nobody could read.
pub fn check_stdout() -> Result<(), Failure> {
    match STDOUT_CLOSED.load(Ordering::Relaxed) {
        true => Err(Failure::output(
            "standard output: found it closed, expected it open (> /dev/null discards what is printed)",
            Path::new("-"),
        )),
        false => Ok(()),
    }
}

/// Lets a write beyond the limit of a file's size (`ulimit -f`) fail, in place of ending the process with half a file.
pub fn let_large_writes_fail() {
    #[cfg(unix)]
    // SAFETY: no handler is installed that could interrupt anything, the signal is ignored.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}

/// Rust's runtime puts `/dev/null` in the place of a closed stream before `main`, so that it must be looked at earlier.
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod before_main {
    use super::{Ordering, STDOUT_CLOSED};

    #[used]
    #[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
    #[cfg_attr(target_os = "macos", unsafe(link_section = "__DATA,__mod_init_func"))]
    static LOOK: extern "C" fn() = look;

    extern "C" fn look() {
        // SAFETY: the call reads the flags of a descriptor, whether there is one or not, and changes nothing.
        let flags = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) };
        STDOUT_CLOSED.store(flags == -1, Ordering::Relaxed);
    }
}
