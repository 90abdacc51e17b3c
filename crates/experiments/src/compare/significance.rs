//! Do the methods differ? Friedman, Iman–Davenport, Nemenyi, and every method against the control.

use fuzzysvm_evaluation::{
    EvaluationError, Friedman, NullDistribution, Wilcoxon, compare_with_control, friedman, holm,
    nemenyi, tied, wilcoxon_signed_rank,
};
use serde::Serialize;

use fuzzysvm_estimator::Method;

/// Levels of the critical differences.
const ALPHAS: [f64; 2] = [0.05, 0.10];

/// Level of the sentence that the methods differ.
const LEVEL: f64 = 0.05;

/// The tests of one metric over the data sets.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Significance {
    /// Data sets compared on.
    pub n_sets: usize,
    /// Friedman's test of "all methods are alike".
    pub friedman: FriedmanResult,
    /// Iman and Davenport's less conservative form of it.
    pub iman_davenport: ImanDavenportResult,
    /// The p-value that says whether the methods differ: over all orders of the ranks within the data sets where these can be
    /// counted or sampled, else that of Iman and Davenport ([`Friedman::p_value`]). Never 0.
    pub p_value: f64,
    /// Which of the three it is: `exact`, `sampled` or `f`.
    pub null_distribution: NullDistribution,
    /// Nemenyi's critical differences of average ranks, all pairs taken together.
    pub nemenyi: Vec<CriticalDifference>,
    /// The method that the others are compared with.
    pub control: String,
    /// Every other method against it, in the order of the tables.
    pub comparisons: Vec<Comparison>,
}

impl Significance {
    /// Whether the methods differ at level 0.05, by [`p_value`](Self::p_value).
    #[must_use]
    pub fn methods_differ(&self) -> bool {
        self.p_value <= LEVEL
    }
}

/// Friedman's χ²_F.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FriedmanResult {
    /// The statistic.
    pub chi_squared: f64,
    /// Its degrees of freedom, methods − 1.
    pub degrees_of_freedom: usize,
    /// Its p-value by the χ² approximation.
    pub p_value: f64,
}

/// Iman and Davenport's F_F.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ImanDavenportResult {
    /// The statistic; `null` where it is infinite: all data sets rank the methods alike.
    pub f: Option<f64>,
    /// Its degrees of freedom, methods − 1 and (methods − 1)(sets − 1).
    pub degrees_of_freedom: [usize; 2],
    /// Its p-value by the F approximation; exact where the statistic is infinite.
    pub p_value: f64,
}

/// How far average ranks must lie apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CriticalDifference {
    /// The level.
    pub alpha: f64,
    /// The difference.
    pub critical_difference: f64,
}

/// One method against the control.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The method.
    pub method: String,
    /// Data sets on which the control is better.
    pub wins: usize,
    /// Data sets on which both are equal.
    pub ties: usize,
    /// Data sets on which the control is worse.
    pub losses: usize,
    /// Wilcoxon's signed-rank test; the control is the first of the two.
    pub wilcoxon: Wilcoxon,
    /// Its p-value after Holm's step-down over all comparisons.
    pub wilcoxon_p_holm: f64,
    /// (rank of the method − rank of the control)/√(k(k+1)/(6N)).
    pub z: f64,
    /// Two-sided p-value of z.
    pub z_p_value: f64,
    /// The same after Holm's step-down.
    pub z_p_holm: f64,
}

/// Tests a table of results (rows are data sets, columns the methods); `None` where it has fewer than
/// two rows or columns.
pub(super) fn test(
    table: &[Vec<f64>],
    methods: &[Method],
    control: usize,
) -> Result<Option<Significance>, EvaluationError> {
    let (n, k) = (table.len(), methods.len());
    if n < 2 || k < 2 {
        return Ok(None);
    }
    let found = friedman(table)?;
    let differences = ALPHAS
        .into_iter()
        .map(|alpha| {
            Ok(CriticalDifference {
                alpha,
                critical_difference: nemenyi(&found, alpha)?.critical_difference,
            })
        })
        .collect::<Result<_, EvaluationError>>()?;
    Ok(Some(Significance {
        n_sets: n,
        friedman: FriedmanResult {
            chi_squared: found.chi_squared,
            degrees_of_freedom: k - 1,
            p_value: found.chi_squared_p_value,
        },
        iman_davenport: ImanDavenportResult {
            f: Some(found.iman_davenport).filter(|f| f.is_finite()),
            degrees_of_freedom: [k - 1, (k - 1) * (n - 1)],
            p_value: found.iman_davenport_p_value,
        },
        p_value: found.p_value,
        null_distribution: found.null_distribution,
        nemenyi: differences,
        control: methods[control].id().to_owned(),
        comparisons: against_control(table, methods, control, &found)?,
    }))
}

fn against_control(
    table: &[Vec<f64>],
    methods: &[Method],
    control: usize,
    found: &Friedman,
) -> Result<Vec<Comparison>, EvaluationError> {
    let column = |m: usize| table.iter().map(|row| row[m]).collect::<Vec<f64>>();
    let ours = column(control);
    let mut comparisons = Vec::with_capacity(methods.len() - 1);
    for by_rank in compare_with_control(found, control)? {
        let theirs = column(by_rank.method);
        let pairs = || ours.iter().zip(&theirs);
        let wilcoxon = wilcoxon_signed_rank(&ours, &theirs)?;
        comparisons.push(Comparison {
            method: methods[by_rank.method].id().to_owned(),
            wins: pairs().filter(|(a, b)| a > b && !tied(**a, **b)).count(),
            ties: pairs().filter(|(a, b)| tied(**a, **b)).count(),
            losses: pairs().filter(|(a, b)| a < b && !tied(**a, **b)).count(),
            wilcoxon,
            wilcoxon_p_holm: wilcoxon.p_value,
            z: by_rank.z,
            z_p_value: by_rank.p_value,
            z_p_holm: by_rank.p_value_holm,
        });
    }
    let raw: Vec<f64> = comparisons.iter().map(|c| c.wilcoxon.p_value).collect();
    for (comparison, adjusted) in comparisons.iter_mut().zip(holm(&raw)?) {
        comparison.wilcoxon_p_holm = adjusted;
    }
    Ok(comparisons)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn methods() -> Vec<Method> {
        let named = |name: &str| Method::named(name).unwrap();
        ["svm", "iefsvm", "efsvm"].map(named).into()
    }

    // Four sets, three methods; IEFSVM is the control. Every difference is exact in binary.
    //
    //          SVM      IEFSVM   EFSVM      ranks          IEFSVM − SVM   IEFSVM − EFSVM
    // set 1    0.75     0.875    0.5        2    1  3       0.125          0.375
    // set 2    0.53125  0.625    0.578125   3    1  2       0.09375        0.046875
    // set 3    0.6875   0.75     0.6875     2.5  1  2.5     0.0625         0.0625
    // set 4    0.875    0.84375  0.75       1    2  3      −0.03125        0.09375
    //                             mean ranks 2.125 1.25 2.625
    fn table() -> Vec<Vec<f64>> {
        vec![
            vec![0.75, 0.875, 0.5],
            vec![0.53125, 0.625, 0.578_125],
            vec![0.6875, 0.75, 0.6875],
            vec![0.875, 0.84375, 0.75],
        ]
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-9 * b.abs().max(1e-3), "{a} {b}");
    }

    #[test]
    fn a_table_worked_by_hand() {
        let found = test(&table(), &methods(), 1).unwrap().unwrap();
        // χ² = 12·4/(3·4) (2.125² + 1.25² + 2.625² − 3·4²/4) = 4 (12.96875 − 12); for 2 degrees of
        // freedom p = exp(−χ²/2).
        close(found.friedman.chi_squared, 3.875);
        close(found.friedman.p_value, (-1.9375f64).exp());
        // F = 3·3.875/(4·2 − 3.875); for 2 and 6 degrees of freedom p = (1 + 2F/6)^−3.
        let f = 11.625 / 4.125;
        close(found.iman_davenport.f.unwrap(), f);
        close(found.iman_davenport.p_value, (1.0 + f / 3.0).powi(-3));
        assert_eq!(found.friedman.degrees_of_freedom, 2);
        // Of the 6·6·3·6 orders of the rows, ties kept, by counting them all.
        assert_eq!(found.null_distribution, NullDistribution::Exact);
        close(found.p_value, 102.0 / 648.0);
        assert_eq!(found.iman_davenport.degrees_of_freedom, [2, 6]);
        // q√(3·4/(6·4)) with Demšar's q = 2.343 at 0.05 and 2.052 at 0.10.
        let differences: Vec<f64> = found
            .nemenyi
            .iter()
            .map(|d| d.critical_difference)
            .collect();
        assert!((differences[0] - 2.343 * 0.5f64.sqrt()).abs() < 0.001);
        assert!((differences[1] - 2.052 * 0.5f64.sqrt()).abs() < 0.001);

        assert_eq!((found.n_sets, found.control.as_str()), (4, "iefsvm"));
        let [svm, efsvm] = found.comparisons.as_slice() else {
            panic!("two comparisons");
        };
        // Sizes 0.125 > 0.09375 > 0.0625 > 0.03125, the smallest negative: R⁺ = 4+3+2, R⁻ = 1. Of the 16
        // sign patterns 2 have a sum of at most 1.
        assert_eq!(
            (svm.method.as_str(), svm.wins, svm.ties, svm.losses),
            ("svm", 3, 0, 1)
        );
        assert_eq!(
            (svm.wilcoxon.rank_sum_first, svm.wilcoxon.rank_sum_second),
            (9.0, 1.0)
        );
        close(svm.wilcoxon.p_value, 2.0 * 2.0 / 16.0);
        // All four positive: R⁺ = 10, and 1 pattern of 16.
        assert_eq!((efsvm.wins, efsvm.ties, efsvm.losses), (4, 0, 0));
        close(efsvm.wilcoxon.p_value, 2.0 / 16.0);
        // Holm: the smaller p times 2, the larger one at least as much.
        close(efsvm.wilcoxon_p_holm, 0.25);
        close(svm.wilcoxon_p_holm, 0.25);
        // z = difference of mean ranks over √(3·4/(6·4)).
        close(svm.z, 0.875 / 0.5f64.sqrt());
        close(efsvm.z, 1.375 / 0.5f64.sqrt());
    }

    #[test]
    fn one_set_or_one_method_is_no_comparison() {
        assert_eq!(test(&table()[..1], &methods(), 1).unwrap(), None);
        assert_eq!(
            test(&[vec![1.0], vec![2.0]], &methods()[..1], 0).unwrap(),
            None
        );
    }

    #[test]
    fn sets_that_all_rank_alike_have_an_infinite_f_and_an_exact_p() {
        for (n, k, p) in [
            (2, 2, 0.5),
            (3, 2, 0.25),
            (4, 2, 0.125),
            (5, 2, 0.0625),
            (2, 3, 1.0 / 6.0),
            (3, 3, 1.0 / 36.0),
        ] {
            let row: Vec<f64> = (0..k).map(|j| f64::from(j as u8)).collect();
            let found = test(&vec![row; n], &methods()[..k], 0).unwrap().unwrap();
            assert_eq!(found.iman_davenport.f, None);
            close(found.iman_davenport.p_value, p);
            close(found.p_value, p);
            assert_eq!(found.null_distribution, NullDistribution::Exact);
            assert_eq!(found.methods_differ(), p <= 0.05, "{n} {k}");
        }
    }

    #[test]
    fn means_that_rounding_sets_apart_tie() {
        let row = vec![0.3 - 0.1, 0.2, 0.1];
        let found = test(&vec![row; 3], &methods(), 0).unwrap().unwrap();
        let [iefsvm, efsvm] = found.comparisons.as_slice() else {
            panic!("two comparisons");
        };
        assert_eq!((iefsvm.wins, iefsvm.ties, iefsvm.losses), (0, 3, 0));
        assert_eq!(iefsvm.wilcoxon.p_value, 1.0);
        assert_eq!((efsvm.wins, efsvm.ties, efsvm.losses), (3, 0, 0));
        assert_eq!(efsvm.wilcoxon.p_value, 0.25);
    }
}
