//! The macro that compiles a function once for each level.

/// Makes a function of a body: compiled once for each [`Level`](crate::cpu::Level), chosen by
/// [`cpu::level`](crate::cpu::level) at run time.
///
/// The body is a function of the same arguments, `#[inline(always)]`, so that it is compiled with the instructions of the
/// level, and so is all that it is to vectorise. One that differs from level to level has a first parameter, a type that is
/// [`Cpu`](crate::cpu::Cpu), and stands here as `body<Cpu>`. Other generic parameters follow: types with one bound each, and
/// behind a semicolon one constant.
///
/// A call loads one byte and branches on it.
///
/// ```
/// use fuzzysvm_core::cpu::Cpu;
/// use fuzzysvm_core::per_cpu;
///
/// per_cpu! {
///     /// sums += c · row.
///     pub fn add(sums: &mut [f64], row: &[f64], c: f64) = add_on;
///
///     /// As [`add`], rounded once where the processor can.
///     pub fn add_fused(sums: &mut [f64], row: &[f64], c: f64) = add_fused_on<Cpu>;
/// }
///
/// #[inline(always)]
/// fn add_on(sums: &mut [f64], row: &[f64], c: f64) {
///     for (sum, v) in sums.iter_mut().zip(row) {
///         *sum += c * v;
///     }
/// }
///
/// #[inline(always)]
/// fn add_fused_on<C: Cpu>(sums: &mut [f64], row: &[f64], c: f64) {
///     for (sum, &v) in sums.iter_mut().zip(row) {
///         *sum = if C::FMA { c.mul_add(v, *sum) } else { *sum + c * v };
///     }
/// }
///
/// let mut sums = [1.0, 2.0];
/// add(&mut sums, &[3.0, 4.0], 2.0);
/// add_fused(&mut sums, &[1.0, 1.0], 1.0);
/// assert_eq!(sums, [8.0, 11.0]);
/// ```
#[macro_export]
macro_rules! per_cpu {
    (@call $body:ident [] $level:ident [$($generic:tt)*] ($($arg:ident),*)) => {
        $body::<$($generic)*>($($arg),*)
    };
    (@call $body:ident [Cpu] $level:ident [$($generic:tt)*] ($($arg:ident),*)) => {
        $body::<$crate::cpu::$level, $($generic)*>($($arg),*)
    };
    ($(
        $(#[$meta:meta])*
        $vis:vis fn $name:ident
            $(<$($T:ident: $bound:path),+ $(; const $N:ident: $of:ty)?>)?
            ($($arg:ident: $type:ty),* $(,)?) $(-> $out:ty)? = $body:ident $(<$cpu:ident>)?;
    )+) => {$(
        $(#[$meta])*
        #[inline]
        $vis fn $name $(<$($T: $bound),+ $(, const $N: $of)?>)? ($($arg: $type),*) $(-> $out)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
                #[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx512cd")]
                fn avx512 $(<$($T: $bound),+ $(, const $N: $of)?>)? ($($arg: $type),*) $(-> $out)? {
                    $crate::per_cpu!(@call $body [$($cpu)?] Avx512 [$($($T,)+ $($N)?)?] ($($arg),*))
                }
                #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
                fn avx2 $(<$($T: $bound),+ $(, const $N: $of)?>)? ($($arg: $type),*) $(-> $out)? {
                    $crate::per_cpu!(@call $body [$($cpu)?] Avx2 [$($($T,)+ $($N)?)?] ($($arg),*))
                }
                match $crate::cpu::level() {
                    $crate::cpu::Level::Avx512 => {
                        // SAFETY: `level` is none but one whose features `Level::best` has detected, and they are these.
                        return unsafe { avx512 $(::<$($T),+ $(, $N)?>)? ($($arg),*) };
                    }
                    $crate::cpu::Level::Avx2 => {
                        // SAFETY: as above.
                        return unsafe { avx2 $(::<$($T),+ $(, $N)?>)? ($($arg),*) };
                    }
                    _ => {}
                }
            }
            $crate::per_cpu!(@call $body [$($cpu)?] Baseline [$($($T,)+ $($N)?)?] ($($arg),*))
        }
    )+};
}
