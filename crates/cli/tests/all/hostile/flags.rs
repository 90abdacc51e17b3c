//! Hostile values of flags.

use super::check;

#[test]
fn flags() {
    let four = b"a,y\n1,p\n2,n\n3,n\n4,n\n";
    let with = |flags: &'static str| -> (&[u8], String) {
        (four, format!("train IN --model m.json {flags}"))
    };
    for (flags, words) in [
        ("--c 0", "above 0"),
        ("--c -1", "above 0"),
        ("--c nan", "above 0"),
        ("--c inf", "above 0"),
        ("--c abc", "above 0"),
        ("--gamma 0", "expected scale, auto"),
        ("--gamma -1", "expected scale, auto"),
        ("--gamma nan", "expected scale, auto"),
        ("--tol 0", "above 0"),
        ("--tol 1e10", "--tol 10000000000: must be at most 1"),
        ("--tol nan", "above 0"),
        ("--max-iter 0", "--max-iter"),
        ("--cache-size -5", "--cache-size"),
        ("--cache-size 0", "above 0"),
        ("--k 0", "from 1"),
        ("--kernel cosine", "possible values"),
        ("--method best", "possible values"),
        ("--scale robust", "expected one of standard, minmax, none"),
        ("--threads 0", "--threads"),
        ("--threads 65535", "expected at most"),
        ("--method svm --k 5", "--k does not apply to --method svm"),
        (
            "--method efsvm --angle mean-over-std",
            "--angle does not apply",
        ),
        (
            "--method iefsvm --angle x",
            "--angle x: must be mean-over-std or std-over-mean",
        ),
        (
            "--minority larger",
            "--minority larger: must be positive or smaller",
        ),
        ("--param n_neighbors=0", "--param n_neighbors=0: must"),
        ("--k 3 --param n_neighbors=3", "n_neighbors is given twice"),
        ("--method iefsvm --param ks=[3,1]", "increas"),
        (
            "--method efsvm-binned --param beta=0.5",
            "--param beta=0.5: must",
        ),
        (
            "--method efsvm-binned --param n_bins=0",
            "--param n_bins=0: must",
        ),
        (
            "--method fsvm-cil --param beta=0.5",
            "--param beta needs --param decay=exponential",
        ),
        (
            "--method fsvm-cil --param preliminary_c=5",
            "--param preliminary_c needs --param distance=hyperplane",
        ),
        (
            "--method slack-factor --param location=3",
            "--param location=3: must",
        ),
        (
            "--method slack-factor --param beta=1.5",
            "--param beta=1.5: must",
        ),
        (
            "--method posterior --param floor=-1",
            "--param floor=-1: must",
        ),
        (
            "--method posterior --param sharpness=0",
            "--param sharpness=0: must",
        ),
        (
            "--method efsvm --param floor=1",
            "--param floor does not apply to --method efsvm",
        ),
        (
            "--method slack-factor --kernel linear --param preliminary_gamma=1",
            "--param preliminary_gamma does not apply to --kernel linear",
        ),
        (
            "--method intuitionistic --param alpha=0",
            "--param alpha=0: must",
        ),
        (
            "--method relative-density --param alpha=1",
            "--param alpha does not apply to --method relative-density",
        ),
        (
            "--method lin-wang-time --param sigma=0",
            "--param sigma=0: must",
        ),
        (
            "--method fsvm --param time=a",
            "--param time does not apply",
        ),
        (
            "--method lin-wang-time --param time=a --kernel precomputed",
            "--param time=a: must be none for the kernel precomputed",
        ),
        (
            "--kernel linear --gamma 1",
            "--gamma does not apply to --kernel linear",
        ),
        ("--kernel rbf --degree 2", "--degree does not apply"),
        ("--kernel rbf --coef0 2", "--coef0 does not apply"),
        ("--kernel precomputed", "no features for --method efsvm"),
        (
            "--kernel precomputed --method svm --scale minmax",
            "--scale minmax: must be none for the kernel precomputed",
        ),
        ("--unknown", "unexpected argument"),
    ] {
        let (content, args) = with(flags);
        check("in.csv", &[(content, &args, 2, words)]);
    }
    check(
        "in.csv",
        &[
            (four, "", 2, "Usage"),
            (four, "train", 2, "required"),
            (
                four,
                "predict IN --model m.json --json",
                2,
                "--json needs --output",
            ),
            (
                four,
                "evaluate IN --model m.json --folds 3",
                2,
                "--folds cannot be used with --model",
            ),
            (
                four,
                "evaluate IN --model m.json --param floor=1",
                2,
                "--param cannot be used with --model",
            ),
            (
                four,
                "evaluate IN --model m.json --no-shrinking",
                2,
                "--no-shrinking cannot be used with --model",
            ),
            (four, "completions tcsh", 2, "possible values"),
            (four, "simulate-loans --n 0", 2, "is not in 1"),
        ],
    );
}
