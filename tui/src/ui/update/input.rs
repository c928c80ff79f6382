//! Keys and pastes: to the layer that has them.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use tui_input::backend::crossterm::EventHandler as _;

use super::{act, chat, modal, mouse};
use crate::ui::{
    app::{App, Phase},
    editor::Step,
    keymap::{self, Action, Key, Layer},
    local::picture_path,
    modals::Modal,
    msg::{Act, Cmd},
};

/// Something came from the terminal.
pub(super) fn event(app: &mut App, event: Event) -> Vec<Cmd> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => pressed(app, key),
        Event::Paste(text) => pasted(app, text),
        Event::Mouse(mouse) => mouse::event(app, mouse),
        Event::Resize(..) => {
            app.pictures.forget_encoding();
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn pressed(app: &mut App, event: KeyEvent) -> Vec<Cmd> {
    let key = Key::of(event);
    let layers = app.layers();
    let before = app.before.take();
    if let Some(letter) = key.letter() {
        if let Some(cmds) = lettered(app, &layers, letter) {
            return cmds;
        }
        app.before = before.xor(Some(letter)).filter(|_| before != Some(letter));
    }
    match keymap::find(&layers, key, before) {
        Some(action) => act::perform(app, action),
        None => {
            typed(app, &layers, event);
            Vec::new()
        }
    }
}

/// Letters that mean something only now: answers, buttons of a card, and `:` or `?` before any word.
fn lettered(app: &mut App, layers: &[Layer], letter: char) -> Option<Vec<Cmd>> {
    match layers.first()? {
        Layer::Confirm => modal::answer_with(app, letter),
        Layer::Cards => {
            let button =
                app.screens.chat.card()?.buttons().iter().find(|button| button.key == Some(letter))?;
            let token = button.token.clone();
            Some(chat::press(app, token))
        }
        Layer::Typing if app.screens.chat.editor.is_empty() => match letter {
            ':' => Some(act::perform(app, Action::Palette)),
            '?' => Some(act::perform(app, Action::Help)),
            _ => None,
        },
        _ => None,
    }
}

/// A key that no layer knows goes to the field that is being typed in.
fn typed(app: &mut App, layers: &[Layer], event: KeyEvent) {
    match (app.modals.last_mut(), layers.first()) {
        (Some(Modal::Palette(palette)), _) => {
            palette.input.handle_event(&Event::Key(event));
            palette.search();
        }
        (Some(Modal::Prompt(prompt)), _) => {
            prompt.input.handle_event(&Event::Key(event));
            prompt.refusal = None;
        }
        (None, Some(Layer::Login)) => {
            app.screens.login.input().handle_event(&Event::Key(event));
        }
        (None, Some(Layer::Typing)) => write(app, event),
        _ => {}
    }
}

fn write(app: &mut App, event: KeyEvent) {
    let editor = &mut app.screens.chat.editor;
    let word = event.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    match event.code {
        KeyCode::Char('w' | 'h') if word => editor.erase(Step::WordLeft),
        KeyCode::Char('u') if word => editor.erase(Step::LineStart),
        KeyCode::Char('a') if word => editor.step(Step::LineStart),
        KeyCode::Char('b') if word => editor.step(Step::WordLeft),
        KeyCode::Char('f') if word => editor.step(Step::WordRight),
        KeyCode::Char(letter) if !word => editor.insert(letter.encode_utf8(&mut [0; 4])),
        KeyCode::Backspace if word => editor.erase(Step::WordLeft),
        KeyCode::Backspace => editor.erase(Step::Left),
        KeyCode::Delete if word => editor.erase(Step::WordRight),
        KeyCode::Delete => editor.erase(Step::Right),
        KeyCode::Left if word => editor.step(Step::WordLeft),
        KeyCode::Left => editor.step(Step::Left),
        KeyCode::Right if word => editor.step(Step::WordRight),
        KeyCode::Right => editor.step(Step::Right),
        KeyCode::Home => editor.step(Step::LineStart),
        KeyCode::End => editor.step(Step::LineEnd),
        _ => {}
    }
}

fn pasted(app: &mut App, text: String) -> Vec<Cmd> {
    let line = text.lines().next().unwrap_or_default();
    match app.modals.last_mut() {
        Some(Modal::Palette(palette)) => {
            type_line(&mut palette.input, line);
            palette.search();
            return Vec::new();
        }
        Some(Modal::Prompt(prompt)) => {
            type_line(&mut prompt.input, line);
            return Vec::new();
        }
        Some(_) => return Vec::new(),
        None => {}
    }
    if app.phase == Phase::Login {
        type_line(app.screens.login.input(), line);
        return Vec::new();
    }
    if app.layers().first() != Some(&Layer::Typing) {
        return Vec::new();
    }
    match picture_path(&text) {
        Some(path) => vec![Cmd::Local(Act::Inspect(path, Some(text)))],
        None => {
            app.screens.chat.editor.insert(&text);
            Vec::new()
        }
    }
}

fn type_line(input: &mut tui_input::Input, line: &str) {
    for letter in line.chars().filter(|letter| !letter.is_control()) {
        input.handle(tui_input::InputRequest::InsertChar(letter));
    }
}
