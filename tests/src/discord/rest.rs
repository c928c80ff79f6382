//! REST v10, as far as bots of ours call it, with its refusals.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State as Extract},
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::state::{BOT, Inside, State, bot};
use crate::form::Body;

const LARGEST_BYTES: usize = 30 << 20;
const FILE_BYTES: usize = 10 << 20;
const TEXT: usize = 2000;
/// What Discord waits for an acknowledgement.
const ACKNOWLEDGE: Duration = Duration::from_secs(3);

/// A number of HTTP, a code of Discord's and words.
type Refused = (u16, u32, &'static str);
type Answer = Result<Value, Refused>;

pub(super) async fn serve(Extract(state): Extract<Arc<State>>, request: Request) -> Response {
    let at = Instant::now();
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    if let Some(name) = path.strip_prefix("/files/") {
        return match state.look(|inside| inside.files.get(name).cloned()) {
            Some(bytes) => bytes.into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        };
    }
    let Some(route) = path.strip_prefix("/api/v10") else { return StatusCode::NOT_FOUND.into_response() };
    let authorised = request.headers().get("authorization").and_then(|value| value.to_str().ok())
        == Some(&format!("Bot {}", state.token));
    let told = request
        .uri()
        .query()
        .is_some_and(|query| query.contains("with_response=") && !query.ends_with("=false"));
    let body = Body::read(request, LARGEST_BYTES).await.unwrap_or_default();
    let slow = state.change(|inside| {
        let place = inside
            .refusals
            .iter()
            .position(|(refused, end, _)| *refused == method && route.ends_with(end.as_str()));
        place.map(|place| inside.refusals.remove(place).2)
    });
    let parts: Vec<&str> = route.split('/').skip(1).collect();
    // What the token in the path says is enough for interactions.
    let open = matches!(parts.first(), Some(&"interactions" | &"webhooks"));
    let answer = match slow {
        Some(after) => Err(after),
        None if !authorised && !open => Ok(Err((401, 0, "401: Unauthorized"))),
        None => Ok(state.change(|inside| answer(&state, inside, &method, &parts, &body))),
    };
    let answer = match answer {
        // Asked for it, Discord says what has become of an acknowledgement.
        Ok(Ok(Value::Null)) if told => Ok(Ok(json!({"interaction": {
            "id": parts.get(1),
            "type": 2,
            "response_message_loading": true,
            "response_message_ephemeral": false,
        }}))),
        answer => answer,
    };
    let (code, content, headers) = match answer {
        Err(after) => {
            let content =
                json!({"message": "You are being rate limited.", "retry_after": after, "global": false});
            (429, content, limits(0, after))
        }
        Ok(Ok(Value::Null)) => (204, Value::Null, limits(4, 1.0)),
        Ok(Ok(content)) => (200, content, limits(4, 1.0)),
        Ok(Err((code, number, words))) => (code, json!({"code": number, "message": words}), limits(4, 1.0)),
    };
    let path = route.to_owned();
    state.change(|inside| inside.calls.push(super::Call { method, path, code, at }));
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if code == 204 {
        (status, headers).into_response()
    } else {
        (status, headers, axum::Json(content)).into_response()
    }
}

fn limits(remaining: u32, reset_after: f64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut put = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    put("x-ratelimit-limit", "5".to_owned());
    put("x-ratelimit-remaining", remaining.to_string());
    put("x-ratelimit-reset", "1.0".to_owned());
    put("x-ratelimit-reset-after", reset_after.to_string());
    put("x-ratelimit-bucket", "test".to_owned());
    if remaining == 0 {
        put("retry-after", reset_after.to_string());
    }
    headers
}

fn answer(state: &State, inside: &mut Inside, method: &str, parts: &[&str], body: &Body) -> Answer {
    let number = |text: &str| text.parse::<u64>().map_err(|_| (400, 50_035, "Invalid Form Body"));
    match (method, parts) {
        ("GET", ["gateway"]) => Ok(json!({"url": state.gateway})),
        ("GET", ["gateway", "bot"]) => Ok(json!({
            "url": state.gateway,
            "shards": 1,
            "session_start_limit": {"total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1},
        })),
        ("GET", ["users", "@me"]) => Ok(bot()),
        ("GET", ["oauth2", "applications", "@me"]) => Ok(json!({
            "id": BOT.to_string(),
            "name": "Atelier",
            "icon": null,
            "description": "",
            "bot_public": true,
            "bot_require_code_grant": false,
            "verify_key": "",
            "team": null,
            "owner": {"id": "1", "username": "owner", "discriminator": "0", "global_name": null, "avatar": null},
            "flags": 0,
        })),
        ("PUT", ["applications", _, "commands"]) => {
            let commands = body.whole.as_array().cloned().unwrap_or_default();
            inside.commands.clone_from(&commands);
            let known = (1..).zip(commands).map(|(id, mut command): (u64, Value)| {
                command["id"] = json!(id.to_string());
                command["application_id"] = json!(BOT.to_string());
                command["version"] = json!("1");
                // What stands in a menu has no description.
                for (name, usual) in [("type", json!(1)), ("description", json!(""))] {
                    if command[name].is_null() {
                        command[name] = usual;
                    }
                }
                command["default_member_permissions"] = Value::Null;
                command
            });
            Ok(Value::Array(known.collect()))
        }
        ("POST", ["interactions", id, token, "callback"]) => acknowledge(inside, number(id)?, token, body),
        ("POST", ["channels", channel, "messages"]) => {
            let channel = number(channel)?;
            put(inside, channel, None, body, false)
        }
        ("PATCH", ["channels", _, "messages", message]) => change(inside, number(message)?, body),
        ("DELETE", ["channels", _, "messages", message]) => remove(inside, number(message)?),
        ("GET", ["channels", channel]) => {
            let id = number(channel)?;
            let (kind, parent) = match inside.threads.get(&id) {
                Some(parent) => (11, json!(parent.to_string())),
                None => (0, Value::Null),
            };
            Ok(json!({
                "id": channel,
                "type": kind,
                "parent_id": parent,
                "guild_id": super::state::GUILD.to_string(),
                "name": "bakery",
                "position": 0,
                "permission_overwrites": [],
            }))
        }
        ("POST", ["channels", _, "typing"]) => Ok(Value::Null),
        ("PATCH", ["webhooks", _, token, "messages", which]) => {
            let asked = alive(inside, token)?;
            match (*which, asked.original) {
                ("@original", None) if asked.deleted => Err((404, 10_008, "Unknown Message")),
                ("@original", None) => put(inside, asked.channel, Some(token), body, asked.private),
                ("@original", Some(message)) => change(inside, message, body),
                (message, _) => change(inside, number(message)?, body),
            }
        }
        ("POST", ["webhooks", _, token]) => {
            let asked = alive(inside, token)?;
            put(inside, asked.channel, None, body, false)
        }
        ("DELETE", ["webhooks", _, token, "messages", "@original"]) => {
            let asked = alive(inside, token)?;
            if let Some(message) = asked.original {
                remove(inside, message)?;
            } else if asked.deleted {
                return Err((404, 10_008, "Unknown Message"));
            }
            if let Some(asked) = inside.asked.get_mut(*token) {
                (asked.original, asked.deleted) = (None, true);
            }
            Ok(Value::Null)
        }
        _ => Err((404, 0, "404: Not Found")),
    }
}

fn acknowledge(inside: &mut Inside, id: u64, token: &str, body: &Body) -> Answer {
    let Some(asked) = inside.asked.get_mut(token).filter(|asked| asked.id == id) else {
        return Err((404, 10_062, "Unknown interaction"));
    };
    if asked.acknowledged {
        inside.violations.push(format!("{token} was acknowledged twice"));
        return Err((400, 40_060, "Interaction has already been acknowledged."));
    }
    if asked.since.elapsed() > ACKNOWLEDGE {
        inside.violations.push(format!("{token} was acknowledged after {:?}", asked.since.elapsed()));
        return Err((404, 10_062, "Unknown interaction"));
    }
    let kind = body.whole["type"].as_u64().unwrap_or_default();
    let fits = match kind {
        // What was noticed is a press; a form is no answer to a form.
        6 => asked.message.is_some(),
        9 => asked.kind != 5,
        _ => true,
    };
    if !fits {
        inside.violations.push(format!("{token} was answered with {kind}"));
        return Err((400, 50_035, "Invalid Form Body"));
    }
    if kind == 9 {
        asked.form = Some(form(&body.whole["data"])?);
    }
    asked.acknowledged = true;
    asked.private = body.whole["data"]["flags"].as_u64().is_some_and(|flags| flags & 64 > 0);
    Ok(Value::Null)
}

/// A form within Discord's bounds.
fn form(data: &Value) -> Answer {
    const WRONG: Refused = (400, 50_035, "Invalid Form Body");
    let letters = |value: &Value| value.as_str().unwrap_or_default().chars().count();
    let rows = data["components"].as_array().cloned().unwrap_or_default();
    let field = |row: &Value| {
        let field = &row["components"][0];
        field["type"] == json!(4)
            && (1..=100).contains(&letters(&field["custom_id"]))
            && (1..=45).contains(&letters(&field["label"]))
            && letters(&field["placeholder"]) <= 100
            && field["max_length"].as_u64().unwrap_or(1) <= 4_000
    };
    let heads =
        (1..=45).contains(&letters(&data["title"])) && (1..=100).contains(&letters(&data["custom_id"]));
    if heads && (1..=5).contains(&rows.len()) && rows.iter().all(field) {
        Ok(data.clone())
    } else {
        Err(WRONG)
    }
}

fn remove(inside: &mut Inside, id: u64) -> Answer {
    inside.messages.remove(&id).map(|_| Value::Null).ok_or((404, 10_008, "Unknown Message"))
}

/// The interaction of a token that lives.
fn alive(inside: &mut Inside, token: &str) -> Result<super::state::Asked, Refused> {
    let asked = inside.asked.get(token).cloned().ok_or((404, 10_015, "Unknown Webhook"))?;
    if !asked.acknowledged {
        inside.violations.push(format!("{token} was answered before it was acknowledged"));
        return Err((404, 10_015, "Unknown Webhook"));
    }
    if asked.since.elapsed() > inside.token_life {
        return Err((401, 50_027, "Invalid Webhook Token"));
    }
    Ok(asked)
}

fn put(inside: &mut Inside, channel: u64, original_of: Option<&str>, body: &Body, private: bool) -> Answer {
    let (content, files) = checked(body)?;
    if content["content"].as_str().is_none_or(str::is_empty) && files.is_empty() {
        return Err((400, 50_006, "Cannot send an empty message"));
    }
    let answered = &content["message_reference"];
    // Discord takes ids as text and as numbers.
    let id = &answered["message_id"];
    let known = id.as_u64().or_else(|| id.as_str()?.parse().ok());
    let must_be_there = answered.is_object() && answered["fail_if_not_exists"] != json!(false);
    if must_be_there && !known.is_some_and(|id| inside.messages.contains_key(&id)) {
        return Err((400, 50_035, "Invalid Form Body"));
    }
    let id = inside.next_id();
    let flags = content["flags"].as_u64().unwrap_or(0) | if private { 64 } else { 0 };
    let mut message = json!({
        "id": id.to_string(),
        "channel_id": channel.to_string(),
        "author": bot(),
        "content": content["content"],
        "timestamp": "2030-01-01T00:00:00+00:00",
        "edited_timestamp": null,
        "tts": false,
        "mention_everyone": false,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": false,
        "type": 0,
        "flags": flags,
        "components": content["components"].as_array().cloned().unwrap_or_default(),
    });
    if content["message_reference"].is_object() {
        message["message_reference"] = json!({
            "message_id": content["message_reference"]["message_id"],
            "channel_id": channel.to_string(),
        });
    }
    inside.messages.insert(id, message.clone());
    inside.attach(id, files);
    if let Some(asked) = original_of.and_then(|token| inside.asked.get_mut(token)) {
        asked.original = Some(id);
    }
    Ok(message)
}

fn change(inside: &mut Inside, id: u64, body: &Body) -> Answer {
    let (content, files) = checked(body)?;
    let message = inside.messages.get_mut(&id).ok_or((404, 10_008, "Unknown Message"))?;
    if message["author"]["bot"] != json!(true) {
        return Err((403, 50_005, "Cannot edit a message authored by another user"));
    }
    for name in ["content", "components"] {
        if !content[name].is_null() {
            message[name] = content[name].clone();
        }
    }
    message["edited_timestamp"] = json!("2030-01-01T00:00:01+00:00");
    let message = message.clone();
    inside.attach(id, files);
    Ok(message)
}

/// The content of a message, within Discord's bounds, and its files.
fn checked(body: &Body) -> Result<(Value, Vec<Bytes>), Refused> {
    const WRONG: Refused = (400, 50_035, "Invalid Form Body");
    let content = body.parameters.get("payload_json").cloned().unwrap_or_else(|| body.whole.clone());
    let mut files: Vec<_> = body.files.iter().collect();
    files.sort_by_key(|(part, _)| (*part).clone());
    let files: Vec<_> = files.into_iter().map(|(_, (_, bytes))| bytes.clone()).collect();
    if files.iter().any(|file| file.len() > FILE_BYTES) || files.len() > 10 {
        return Err((413, 40_005, "Request entity too large"));
    }
    if content["content"].as_str().is_some_and(|text| text.chars().count() > TEXT) {
        return Err(WRONG);
    }
    let rows = content["components"].as_array().cloned().unwrap_or_default();
    for row in &rows {
        let buttons = row["components"].as_array().cloned().unwrap_or_default();
        if buttons.len() == 1 && buttons[0]["type"] == json!(3) {
            if !is_list(&buttons[0]) {
                return Err(WRONG);
            }
            continue;
        }
        let fits = |button: &Value| {
            let id = button["custom_id"].as_str().unwrap_or_default().chars().count();
            let label = button["label"].as_str().unwrap_or_default().chars().count();
            (1..=100).contains(&id) && (1..=80).contains(&label)
        };
        if !(1..=5).contains(&buttons.len()) || !buttons.iter().all(fits) {
            return Err(WRONG);
        }
    }
    if rows.len() > 5 { Err(WRONG) } else { Ok((content, files)) }
}

fn is_list(list: &Value) -> bool {
    let options = list["options"].as_array().cloned().unwrap_or_default();
    let mut values: Vec<_> = options.iter().filter_map(|option| option["value"].as_str()).collect();
    values.sort_unstable();
    values.dedup();
    let short = |option: &Value, name: &str| {
        (1..=100).contains(&option[name].as_str().unwrap_or_default().chars().count())
    };
    values.len() == options.len()
        && (1..=25).contains(&options.len())
        && options.iter().all(|option| short(option, "label") && short(option, "value"))
}
