//! Cards as people on both platforms see them.

use atelier_proto::v1::{
    ErrorCard, Job, JobState, ProgressCard, QuestionCard, Quote, QuoteCard, Result as Picture, ResultCard,
    Stage, TextCard,
};

use super::*;

const BOTH: [Limits; 2] = [Limits::DISCORD, Limits::TELEGRAM];

fn action(label: &str, key: &str, destructive: bool) -> Action {
    Action {
        label: label.to_owned(),
        token: format!("token-{label}"),
        key: key.to_owned(),
        destructive,
        ..Action::default()
    }
}

fn said(text: &str, labels: &[String]) -> Card {
    let actions =
        labels.iter().map(|label| Action { token: "t".to_owned(), ..action(label, "", false) }).collect();
    of(Body::Text(TextCard { text: text.to_owned(), actions, ..TextCard::default() }))
}

fn of(body: Body) -> Card {
    Card { card_id: "7".to_owned(), body: Some(body), ..Card::default() }
}

fn text_of(body: Body, news: Option<&Progress>) -> String {
    render(&of(body), news, &Limits::DISCORD).unwrap().text
}

fn quote() -> QuoteCard {
    let quote = Quote {
        price_credits: 4,
        available_credits: 20,
        wait_ms: 2_000,
        run_ms: 10_500,
        algorithm: "draft-1".to_owned(),
        algorithm_summary: "a typeset drawing, no photo".to_owned(),
        ..Quote::default()
    };
    let actions = vec![action("Make it", "enter", false), action("Not now", "", true)];
    QuoteCard { summary: "A thumbnail about bread".to_owned(), quote: Some(quote), actions }
}

fn job(state: JobState) -> Job {
    Job { job_id: "j".to_owned(), state: state.into(), ..Job::default() }
}

fn progress(state: JobState, queue_ahead: u32) -> Body {
    let job = Job { queue_ahead, ..job(state) };
    Body::Progress(ProgressCard { job: Some(job), summary: "Bread".to_owned(), actions: Vec::new() })
}

#[test]
fn every_kind_of_card_has_its_words() {
    let settled = QuoteCard { actions: Vec::new(), ..quote() };
    let question = QuestionCard { text: "Which side?".to_owned(), choices: Vec::new() };
    let result = ResultCard {
        job: Some(Job { charged_credits: 1, ..job(JobState::Succeeded) }),
        summary: "Bread, by draft-1".to_owned(),
        notes: vec!["“blurry” could not be used.".to_owned()],
        actions: Vec::new(),
    };
    let error = |charged| ErrorCard {
        text: "The queue is full.".to_owned(),
        advice: "Try again in a minute.".to_owned(),
        charged,
        ..ErrorCard::default()
    };
    let mid =
        Progress { stage: Stage::Title.into(), fraction: 0.42, remaining_ms: 130_000, ..Progress::default() };
    let first = Progress { queue_ahead: 2, ..Progress::default() };
    for (body, news, wanted) in [
        (
            Body::Quote(quote()),
            None,
            "A thumbnail about bread\n4 credits of the 20 you have\nReady in about 13 s.\n\
             By draft-1: a typeset drawing, no photo",
        ),
        (Body::Quote(settled), None, "A thumbnail about bread\n4 credits"),
        (Body::Question(question), None, "Which side?"),
        (progress(JobState::Queued, 0), None, "Bread\nNext in the queue"),
        (progress(JobState::Queued, 1), None, "Bread\nWaiting: 1 job ahead"),
        (progress(JobState::Queued, 5), Some(&first), "Bread\nWaiting: 2 jobs ahead"),
        (progress(JobState::Running, 0), None, "Bread\nWorking on it…"),
        (
            progress(JobState::Running, 0),
            Some(&mid),
            "Bread\n▰▰▰▰▱▱▱▱▱▱ 42% · setting the title · about 3 min left",
        ),
        (Body::Result(result), None, "Bread, by draft-1\n• “blurry” could not be used.\n1 credit"),
        (Body::Error(error(false)), None, "The queue is full.\nTry again in a minute."),
        (Body::Error(error(true)), None, "The queue is full.\nTry again in a minute.\nCredits were taken."),
        (Body::Text(TextCard::default()), None, "…"),
    ] {
        assert_eq!(text_of(body.clone(), news), wanted, "{body:?}");
    }
    let unknown = render(&Card::default(), None, &Limits::TELEGRAM).unwrap();
    assert_eq!((unknown.text.as_str(), unknown.buttons.len()), (words::UNKNOWN, 0));
}

#[test]
fn buttons_look_like_what_they_do() {
    let message = render(&of(Body::Quote(quote())), None, &Limits::DISCORD).unwrap();
    let seen: Vec<_> =
        message.buttons.concat().into_iter().map(|it| (it.label, it.token, it.style)).collect();
    let wanted = [
        ("Make it".to_owned(), "token-Make it".to_owned(), Style::Primary),
        ("Not now".to_owned(), "token-Not now".to_owned(), Style::Danger),
    ];
    assert_eq!(seen, wanted);
}

#[test]
fn tokens_that_a_platform_refuses_are_an_error() {
    for limits in BOTH {
        for (bytes, taken) in [(0, false), (1, true), (64, true), (65, false)] {
            let actions = vec![Action { token: "x".repeat(bytes), ..action("Go", "", false) }];
            let card = of(Body::Text(TextCard { text: "Hello".to_owned(), actions, ..TextCard::default() }));
            assert_eq!(render(&card, None, &limits).is_ok(), taken, "{bytes} bytes");
        }
    }
}

#[test]
fn buttons_fill_rows_and_the_rest_is_said() {
    let labels: Vec<_> = (1..=200).map(|number| format!("answer number {number}")).collect();
    for limits in BOTH {
        let message = render(&said("Choose", &labels), None, &limits).unwrap();
        assert_eq!(message.buttons.len(), limits.rows);
        for row in &message.buttons {
            let letters: usize = row.iter().map(|button| button.label.chars().count()).sum();
            assert!(
                (1..=limits.row_buttons).contains(&row.len()) && letters <= limits.row_letters,
                "{row:?}"
            );
        }
        let shown = message.buttons.iter().flatten().count();
        let seen: Vec<_> = message.buttons.iter().flatten().map(|button| button.label.as_str()).collect();
        assert_eq!(seen, labels.iter().take(shown).map(String::as_str).collect::<Vec<_>>(), "in their order");
        assert!(message.text.contains(&format!("Or say: {}", labels[shown])), "{}", message.text);
        assert!(message.text.encode_utf16().count() <= limits.text);
    }
}

#[test]
fn long_texts_end_between_letters() {
    let family = "👨‍👩‍👧";
    for (text, longest, wanted) in [
        ("bread", 5, "bread"),
        ("breads", 5, "brea…"),
        ("a new loaf", 6, "a new…"),
        ("🍞🍞🍞", 6, "🍞🍞🍞"),
        ("🍞🍞🍞", 5, "🍞🍞…"),
        ("🍞🍞🍞", 4, "🍞…"),
        ("e\u{301}e\u{301}", 3, "e\u{301}…"),
        (&format!("ab{family}"), 9, "ab…"),
        ("bread", 1, "…"),
    ] {
        assert_eq!(words::shorten(text, longest), wanted, "{text} in {longest}");
    }
    for limits in BOTH {
        let message = render(&said(&"🍞é".repeat(5000), &[]), None, &limits).unwrap();
        let units = message.text.encode_utf16().count();
        assert!(units <= limits.text && units > limits.text - 3, "{units}");
    }
}

#[test]
fn pictures_come_in_order_and_no_more_than_fit() {
    let results =
        (0..12).map(|number| Picture { asset_id: format!("a{number}"), ..Picture::default() }).collect();
    let job = Job { results, ..job(JobState::Succeeded) };
    let card =
        of(Body::Result(ResultCard { job: Some(job), summary: "Bread".to_owned(), ..ResultCard::default() }));
    let message = render(&card, None, &Limits::DISCORD).unwrap();
    assert_eq!(message.pictures, (0..10).map(|number| format!("a{number}")).collect::<Vec<_>>());
    assert_eq!(message.text, "Bread\n2 more in the gallery");
}

#[test]
fn a_bar_is_honest_about_its_ends() {
    for (fraction, wanted) in [
        (0.0, "▱▱▱▱▱▱▱▱▱▱ 0%"),
        (0.099, "▱▱▱▱▱▱▱▱▱▱ 9%"),
        (0.5, "▰▰▰▰▰▱▱▱▱▱ 50%"),
        (0.9999, "▰▰▰▰▰▰▰▰▰▱ 99%"),
        (1.0, "▰▰▰▰▰▰▰▰▰▰ 100%"),
        (7.0, "▰▰▰▰▰▰▰▰▰▰ 100%"),
        (-1.0, "▱▱▱▱▱▱▱▱▱▱ 0%"),
        (f32::NAN, "▱▱▱▱▱▱▱▱▱▱ 0%"),
    ] {
        assert_eq!(progress_bar(fraction), wanted, "{fraction}");
    }
}

#[test]
fn many_answers_are_a_list_where_there_are_lists() {
    let question = |count: usize| {
        let choices = (1..=count).map(|number| action(&format!("answer {number}"), "", false)).collect();
        of(Body::Question(QuestionCard { text: "Which?".to_owned(), choices }))
    };
    for (limits, count, listed, left) in [
        (Limits::DISCORD, 5, 0, ""),
        (Limits::DISCORD, 6, 6, ""),
        (Limits::DISCORD, 25, 25, ""),
        (Limits::DISCORD, 27, 25, "\nOr say: answer 26, answer 27"),
        (Limits::TELEGRAM, 6, 0, ""),
    ] {
        let message = render(&question(count), None, &limits).unwrap();
        let buttons = message.buttons.concat().len();
        assert_eq!((message.list.len(), buttons), (listed, if listed > 0 { 0 } else { count }), "{count}");
        assert_eq!(message.text, format!("Which?{left}"));
    }
    // Suggestions under plain words stay buttons.
    let labels: Vec<_> = (1..=6).map(|number| number.to_string()).collect();
    assert!(render(&said("Hello", &labels), None, &Limits::DISCORD).unwrap().list.is_empty());
}

#[test]
fn a_button_that_asks_for_words_is_known_by_its_token() {
    let change =
        Action { act: Act::Revise.into(), token: "t.o".to_owned(), ..action("Change …", "", false) };
    let card = |change: Action| {
        of(Body::Text(TextCard { text: "Hello".to_owned(), actions: vec![change], ..TextCard::default() }))
    };
    let message = render(&card(change.clone()), None, &Limits::TELEGRAM).unwrap();
    assert_eq!(message.buttons[0][0].token, "!c:t.o");
    for (bytes, taken) in [(0, false), (61, true), (62, false)] {
        let change = Action { token: "x".repeat(bytes), ..change.clone() };
        assert_eq!(render(&card(change), None, &Limits::TELEGRAM).is_ok(), taken, "{bytes} bytes");
    }
}
