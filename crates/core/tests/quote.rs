//! Texts of files in messages stay on one line, short, and cannot speak to a terminal.

use fuzzysvm_core::quote::{MAX_QUOTED, cut, quoted};

#[test]
fn texts_are_cut_behind_sixty_characters_not_bytes() {
    let sixty = "ä".repeat(60);
    assert_eq!((MAX_QUOTED, sixty.len()), (60, 120));
    assert_eq!(cut(&sixty).to_string(), sixty);
    assert_eq!(quoted(&sixty).to_string(), format!("\"{sixty}\""));
    let more = format!("{sixty}x");
    assert_eq!(cut(&more).to_string(), format!("{sixty}…"));
    assert_eq!(quoted(&more).to_string(), format!("\"{sixty}…\""));
    // A quote where the text is cut stays escaped: the last one alone closes.
    let quotes = "\"".repeat(61);
    assert_eq!(
        quoted(&quotes).to_string(),
        format!("\"{}…\"", "\\\"".repeat(60))
    );
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    for shown in [
        cut("\x1b[2Jred\r\n").to_string(),
        quoted("\x1b[2Jred\r\n").to_string(),
    ] {
        assert!(shown.contains("\\u{1b}[2Jred\\r\\n"), "{shown}");
        assert!(!shown.contains(char::is_control), "{shown}");
    }
    assert_eq!(cut("say \"ä\"").to_string(), "say \"ä\"");
    assert_eq!(quoted("").to_string(), "\"\"");
}
