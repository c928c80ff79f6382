//! Asking a person. Prompts stand on standard error; answers come from standard input.

use std::io::{BufRead, IsTerminal};

use crossterm::{
    event::{Event, KeyCode, KeyEventKind, KeyModifiers, read},
    terminal::{disable_raw_mode, enable_raw_mode},
};

use super::{
    exit::{Exit, Failure},
    print::Out,
};

/// A line, without its end. An end of the input is no answer.
pub(crate) async fn line(out: Out, question: &str) -> Result<String, Failure> {
    out.ask(question);
    blocking(|| {
        let mut answer = String::new();
        match std::io::stdin().lock().read_line(&mut answer) {
            Ok(0) => Err(Failure::new(Exit::NeedsConfirmation, "no answer was given")),
            Ok(_) => Ok(answer.trim().to_owned()),
            Err(error) => Err(Failure::io("the answer can't be read", &error)),
        }
    })
    .await
}

/// Yes or no; anything but yes is no.
pub(crate) async fn yes(out: Out, question: &str) -> Result<bool, Failure> {
    let answer = line(out, &format!("{question} [y/N]")).await?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}

/// A secret: typed without being shown, or the next line of a pipe.
pub(crate) async fn secret(out: Out, question: &str) -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        out.ask(question);
        let typed = blocking(typed_secret).await;
        out.note("");
        return typed;
    }
    blocking(|| {
        let mut line = String::new();
        match std::io::stdin().lock().read_line(&mut line) {
            Ok(0) => Err(Failure::new(Exit::Usage, "a password is expected on standard input")),
            // Only the end of the line goes: a password may begin or end with a space.
            Ok(_) => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
            Err(error) => Err(Failure::io("the password can't be read", &error)),
        }
    })
    .await
}

/// A new secret, typed twice where somebody types.
pub(crate) async fn new_secret(out: Out, question: &str) -> Result<String, Failure> {
    let first = secret(out, question).await?;
    if std::io::stdin().is_terminal() && secret(out, "Once more:").await? != first {
        return Err(Failure::new(Exit::Usage, "the two passwords differ; nothing was changed"));
    }
    Ok(first)
}

/// Runs off the loop and lets Ctrl-C through: a reader that blocks can't be ended otherwise.
async fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::select! {
        answer = tokio::task::spawn_blocking(read) => {
            answer.unwrap_or_else(|_| Err(Failure::new(Exit::Failed, "the prompt broke")))
        }
        _ = tokio::signal::ctrl_c() => Err(interrupted()),
    }
}

fn interrupted() -> Failure {
    Failure::new(Exit::Interrupted, "interrupted; nothing was done")
}

/// Raw mode for as long as this lives.
struct Raw;

impl Drop for Raw {
    fn drop(&mut self) {
        disable_raw_mode().ok();
    }
}

fn typed_secret() -> Result<String, Failure> {
    enable_raw_mode().map_err(|error| Failure::io("the terminal can't hide what is typed", &error))?;
    let _raw = Raw;
    let mut secret = String::new();
    loop {
        let event = read().map_err(|error| Failure::io("the terminal can't be read", &error))?;
        match edit(&mut secret, &event) {
            Typed::More => {}
            Typed::Done => return Ok(secret),
            Typed::Stop => return Err(interrupted()),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Typed {
    More,
    Done,
    Stop,
}

fn edit(secret: &mut String, event: &Event) -> Typed {
    match event {
        Event::Paste(text) => secret.push_str(text),
        Event::Key(key) if key.kind != KeyEventKind::Release => {
            let control = key.modifiers.contains(KeyModifiers::CONTROL);
            match key.code {
                KeyCode::Enter => return Typed::Done,
                KeyCode::Esc => return Typed::Stop,
                KeyCode::Char('c' | 'd') if control => return Typed::Stop,
                KeyCode::Char('u') if control => secret.clear(),
                KeyCode::Backspace => drop(secret.pop()),
                KeyCode::Char(c) if !control => secret.push(c),
                _ => {}
            }
        }
        _ => {}
    }
    Typed::More
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyEvent;

    use super::*;

    #[test]
    fn keys_edit_the_secret() {
        let key = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
        let plain = |c| key(KeyCode::Char(c), KeyModifiers::NONE);
        let control = |c| key(KeyCode::Char(c), KeyModifiers::CONTROL);
        let mut secret = String::new();
        for event in [plain('x'), control('u'), plain('a'), plain('é'), plain('b')] {
            assert_eq!(edit(&mut secret, &event), Typed::More);
        }
        edit(&mut secret, &key(KeyCode::Backspace, KeyModifiers::NONE));
        edit(&mut secret, &key(KeyCode::Char('S'), KeyModifiers::SHIFT));
        assert_eq!(secret, "aéS");
        assert_eq!(edit(&mut secret, &key(KeyCode::Enter, KeyModifiers::NONE)), Typed::Done);
        assert_eq!(edit(&mut secret, &control('c')), Typed::Stop);
    }
}
