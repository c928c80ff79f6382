//! Every card as it is shown on each platform, as pictures in words.

use std::fmt::Write as _;

use atelier_proto::v1::{
    Act, Action, Card, ErrorCard, Job, JobState, Progress, ProgressCard, QuestionCard, Quote, QuoteCard,
    Result as Picture, ResultCard, Stage, TextCard, card::Body,
};

use super::{
    super::{
        About, Rules,
        line::Line,
        slot::{Content, Slot},
    },
    world::{World, action},
};

fn job(state: JobState, pictures: usize) -> Job {
    let results =
        (1..=pictures).map(|number| Picture { asset_id: format!("picture {number}"), ..Picture::default() });
    Job {
        job_id: "0190f000-0000-7000-8000-000000000001".to_owned(),
        state: state.into(),
        queue_ahead: 2,
        charged_credits: pictures as u64,
        results: results.collect(),
        ..Job::default()
    }
}

fn cards() -> Vec<(&'static str, Body, Option<Progress>)> {
    let choices = || vec![action("The left one", "t1"), action("The right one", "t2")];
    let quote = Quote {
        price_credits: 4,
        available_credits: 20,
        wait_ms: 2_000,
        run_ms: 10_000,
        algorithm: "draft-1".to_owned(),
        algorithm_summary: "built-in rules".to_owned(),
        ..Quote::default()
    };
    let price = |open: bool| QuoteCard {
        summary: "A thumbnail about bread".to_owned(),
        quote: Some(quote.clone()),
        actions: if open { vec![action("Make it", "t1"), action("Not now", "t2")] } else { Vec::new() },
    };
    let progress = |state| ProgressCard {
        job: Some(job(state, 0)),
        summary: "Bread".to_owned(),
        actions: vec![action("Cancel", "t1")],
    };
    let result = |pictures| ResultCard {
        job: Some(job(JobState::Succeeded, pictures)),
        summary: "Bread, by draft-1 (built-in)".to_owned(),
        notes: vec!["“blurry” could not be used.".to_owned()],
        actions: vec![
            action("Again", "t1"),
            action("4 variants", "t2"),
            Action { act: Act::Revise.into(), ..action("Change …", "t3") },
            Action { destructive: true, ..action("Delete", "t4") },
        ],
    };
    let news =
        Progress { stage: Stage::Title.into(), fraction: 0.42, remaining_ms: 9_000, ..Progress::default() };
    let error = ErrorCard {
        text: "The queue is full.".to_owned(),
        advice: "No credits were taken. Try again later.".to_owned(),
        actions: vec![action("Try again", "t1")],
        ..ErrorCard::default()
    };
    let answers = (1..=27).map(|number| action(&format!("Answer {number}"), &format!("t{number}")));
    let many = QuestionCard { text: "Which of all?".to_owned(), choices: answers.collect() };
    let many = Body::Question(many);
    let refused = TextCard { text: "I don't make it.".to_owned(), refusal: true, ..TextCard::default() };
    vec![
        ("refusal", Body::Text(refused), None),
        (
            "text",
            Body::Text(TextCard { text: "Hello.".to_owned(), actions: choices(), ..TextCard::default() }),
            None,
        ),
        (
            "question",
            Body::Question(QuestionCard { text: "Which one is it?".to_owned(), choices: choices() }),
            None,
        ),
        ("question with many answers", many, None),
        ("price", Body::Quote(price(true)), None),
        ("price, taken", Body::Quote(price(false)), None),
        ("waiting", Body::Progress(progress(JobState::Queued)), None),
        ("at work", Body::Progress(progress(JobState::Running)), Some(news)),
        ("one picture", Body::Result(result(1)), None),
        ("four pictures", Body::Result(result(4)), None),
        ("error", Body::Error(error), None),
    ]
}

fn shown(rules: &Rules) -> String {
    let mut all = String::new();
    let ask = World::new(*rules).ask(1);
    let mut add = |name: &str, slot: &Slot| {
        let message = slot.wanted(rules).unwrap();
        writeln!(all, "== {name}\n{}", message.text).unwrap();
        for row in &message.buttons {
            let labels: Vec<_> = row.iter().map(|button| format!("[{}]", button.label)).collect();
            writeln!(all, "{}", labels.join(" ")).unwrap();
        }
        for line in &message.list {
            writeln!(all, "({}) choose", line.label).unwrap();
        }
        if message.alone {
            writeln!(all, "(for one alone)").unwrap();
        }
        if !message.pictures.is_empty() {
            writeln!(all, "({})", message.pictures.join(", ")).unwrap();
        }
    };
    for (name, body, news) in cards() {
        let card = Card { card_id: "7".to_owned(), body: Some(body), ..Card::default() };
        let mut slot = Slot::new(1, ask.clone(), Content::Card(Box::new(card)));
        slot.news = news.map(Box::new);
        add(name, &slot);
    }
    add("of a newer daemon", &Slot::new(1, ask.clone(), Content::Card(Box::default())));
    let change = Line::ChangeHow { token: "t".to_owned() };
    add("change", &Slot::new(1, ask.clone(), Content::Line(change)));
    let about = About {
        asked: "Bread".to_owned(),
        algorithm: "draft-1".to_owned(),
        seed: 7,
        size: "4 × 1280×720".to_owned(),
        credits: 4,
    };
    add("about", &Slot::new(1, ask.clone(), Content::Line(Line::About(about))));
    add("forget", &Slot::new(1, ask.clone(), Content::Line(Line::ForgetSure)));
    add("help", &Slot::new(1, ask, Content::Line(Line::Help)));
    all
}

#[test]
fn every_card_on_each_platform() {
    insta::assert_snapshot!("telegram", shown(&Rules::telegram(false)));
    insta::assert_snapshot!("discord", shown(&Rules::DISCORD));
}
