//! Parameters in words and as flags.

/// `c=16, n_hidden=50`.
pub fn text_of<N: AsRef<str>>(params: &[(N, String)]) -> String {
    let pairs: Vec<String> = params
        .iter()
        .map(|(name, value)| format!("{}={value}", name.as_ref()))
        .collect();
    pairs.join(", ")
}

/// ` --param c=16 --param n_hidden=50`, as a shell takes them.
pub fn flags_of(params: &[(String, String)]) -> String {
    let flag = |(name, value): &(String, String)| {
        // Brackets mean something to a shell.
        let quote = if value.contains(['[', '{']) { "'" } else { "" };
        format!(" --param {quote}{name}={value}{quote}")
    };
    params.iter().map(flag).collect()
}
