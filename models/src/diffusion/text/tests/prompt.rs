//! The syntax of prompts as a table, and that every text can be read.

use proptest::prelude::*;

use super::super::prompt::{MOST_WEIGHT, Part, parse};

/// `text*weight` for every part, `|` for a break.
fn shown(prompt: &str) -> String {
    let shown = parse(prompt).into_iter().map(|part| match part {
        Part::Text { text, weight } => {
            format!("{text}*{:.4}", weight).trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Part::Break => "|".to_owned(),
    });
    shown.collect::<Vec<_>>().join(";")
}

#[test]
fn prompts_are_read_as_the_table_says() {
    let table = [
        ("", ""),
        ("normal text", "normal text*1"),
        ("an (important) word", "an *1;important*1.1; word*1"),
        ("an [unimportant] word", "an *1;unimportant*0.9091; word*1"),
        ("(a:1.3)", "a*1.3"),
        ("(a: +1.3 ) b", "a*1.3; b*1"),
        ("(a:-0.5)", "a*-0.5"),
        ("(a:.5)", "a*0.5"),
        ("(a:0)", "a*0"),
        ("((a))", "a*1.21"),
        ("(a (b:2) c)", "a *1.1;b*2.2; c*1.1"),
        ("[[a]]", "a*0.8264"),
        ("([a])", "a*1"),
        ("(a [b) c]", "a *1.1;b*1; c*0.9091"),
        (r"\(literal\] \[x\) \\", r"(literal] [x) \*1"),
        (r"a\b", "ab*1"),
        (r"tail\", "tail*1"),
        ("(unclosed", "unclosed*1.1"),
        ("a [b (c", "a *1;b *0.9091;c*1"),
        ("a) b] c", "a) b] c*1"),
        ("a:1.3) b", "a:1.3) b*1"),
        ("(a:b)", "a:b*1.1"),
        ("(a:1.2.3)", "a:1.2.3*1.1"),
        ("(a:)", "a:*1.1"),
        ("(a:1.3", "a:1.3*1.1"),
        ("(a:99999999999999999999999999999999999999999999)", "a*8"),
        ("(a:-1000)", "a*-8"),
        ("time 10:30 :)", "time 10:30 :)*1"),
        ("()", ""),
        ("a()b", "ab*1"),
        ("a BREAK b", "a*1;|;b*1"),
        ("BREAK", "|"),
        ("a BREAK BREAK b", "a*1;|;|;b*1"),
        ("a,BREAK,b", "a,*1;|;,b*1"),
        ("BREAKFAST aBREAK BREAK_ break", "BREAKFAST aBREAK BREAK_ break*1"),
        ("(a BREAK b:1.5)", "a*1.5;|;b*1.5"),
        ("[from:to:0.5]", "from:to:0.5*0.9091"),
        ("日本(語:1.2)テキスト", "日本*1;語*1.2;テキスト*1"),
        ("(🙂:\u{a0}1.5\u{3000})", "🙂*1.5"),
    ];
    for (prompt, wanted) in table {
        assert_eq!(shown(prompt), wanted, "{prompt:?}");
    }
}

proptest! {
    #[test]
    fn every_prompt_can_be_read(prompt in r"([a-c ()\[\]\\:.0-9+-]|BREAK|é|.){0,200}") {
        let parts = parse(&prompt);
        for pair in parts.windows(2) {
            if let [Part::Text { weight: left, .. }, Part::Text { weight: right, .. }] = pair {
                prop_assert_ne!(left, right, "neighbours that count alike are one part");
            }
        }
        for part in parts {
            if let Part::Text { text, weight } = part {
                prop_assert!(!text.is_empty());
                prop_assert!(weight.abs() <= MOST_WEIGHT, "{} counts {}", text, weight);
            }
        }
    }

    #[test]
    fn what_has_no_syntax_is_left_alone(prompt in "[a-zA-Z0-9 ,.;!?é🙂]{1,100}") {
        prop_assume!(!prompt.contains("BREAK"));
        prop_assert_eq!(parse(&prompt), [Part::Text { text: prompt, weight: 1.0 }]);
    }
}
