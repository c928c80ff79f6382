//! Places and shapes to an aspect.
//!
//! The tables are set by hand, many words a line: one word a line would hide what belongs together.

use crate::conversations::interpreter::Aspect::{self, Feed, Square, Tall, Wide};

/// Said anywhere, these name a shape.
#[rustfmt::skip]
pub(in super::super) const SHAPES: &[(&str, Aspect)] = &[
    ("16:9", Wide), ("9:16", Tall), ("1:1", Square), ("4:5", Feed), ("16 9", Wide), ("9 16", Tall),
    ("16x9", Wide), ("9x16", Tall), ("1x1", Square), ("4x5", Feed), ("16 by 9", Wide), ("9 by 16", Tall),
    ("4 by 5", Feed), ("vertical", Tall), ("vertically", Tall), ("portrait orientation", Tall),
    ("portrait format", Tall), ("portrait mode", Tall), ("upright", Tall), ("phone wallpaper", Tall),
    ("iphone wallpaper", Tall), ("lock screen", Tall), ("lockscreen", Tall), ("phone background", Tall),
    ("mobile wallpaper", Tall), ("fondo de pantalla para movil", Tall), ("widescreen", Wide),
    ("landscape format", Wide), ("landscape orientation", Wide), ("landscape mode", Wide),
    ("horizontal", Wide), ("desktop wallpaper", Wide), ("desktop background", Wide),
    ("pc wallpaper", Wide), ("laptop wallpaper", Wide), ("desktop", Wide), ("square format", Square),
    ("squared", Square), ("feed portrait", Feed), ("instagram feed portrait", Feed),
    ("portrait feed", Feed), ("instagram post", Square), ("insta post", Square), ("ig post", Square),
    ("linkedin post", Square), ("instagram feed post", Square), ("podcast cover", Square),
    ("podcast art", Square), ("podcast artwork", Square), ("cover for my podcast", Square),
    ("podcast cover art", Square), ("album cover", Square), ("album art", Square),
    ("album artwork", Square), ("cover art", Square), ("playlist cover", Square),
    ("profile picture", Square), ("profile pic", Square), ("pfp", Square), ("avatar", Square),
    ("instagram story", Tall), ("insta story", Tall), ("ig story", Tall), ("instagram stories", Tall),
    ("insta stories", Tall), ("facebook story", Tall), ("snapchat story", Tall), ("snap story", Tall),
    ("whatsapp status", Tall), ("youtube short", Tall), ("youtube shorts", Tall), ("yt short", Tall),
    ("yt shorts", Tall), ("instagram reel", Tall), ("instagram reels", Tall), ("insta reel", Tall),
    ("ig reel", Tall), ("ig reels", Tall), ("tik tok", Tall), ("youtube banner", Wide),
    ("channel banner", Wide), ("twitch banner", Wide), ("facebook cover", Wide), ("fb cover", Wide),
    ("facebook banner", Wide), ("linkedin banner", Wide), ("twitter header", Wide), ("blog header", Wide),
    ("channel art", Wide), ("blog banner", Wide), ("website banner", Wide), ("banner", Wide),
    ("header", Wide), ("quadratisch*", Square), ("hochformat", Tall), ("querformat", Wide),
    ("hochkant", Tall), ("cuadrad*", Square), ("quadrad*", Square), ("carre", Square), ("carree", Square),
    ("format carre", Square), ("apaisado", Wide), ("paysage", Wide), ("квадрат*", Square),
    ("вертикальн*", Tall), ("горизонтальн*", Wide), ("dikey", Tall), ("yatay", Wide), ("kare", Square),
    ("persegi", Square), ("vertikal", Tall), ("vertikale*", Tall), ("historia de instagram", Tall),
    ("story instagram", Tall), ("kotak", Square), ("en vertical", Tall), ("na vertical", Tall),
    ("a la verticale", Tall), ("шортс*", Tall), ("рилс*", Tall), ("тикток*", Tall), ("сторис*", Tall),
    ("аватар*", Square),
];

/// These name a shape only where a place is meant: after "for", "as a", or right before the thing asked for.
#[rustfmt::skip]
pub(in super::super) const PLACES: &[(&str, Aspect)] = &[
    ("shorts", Tall), ("short", Tall), ("tiktok", Tall), ("tiktoks", Tall), ("reel", Tall),
    ("reels", Tall), ("story", Tall), ("stories", Tall), ("snapchat", Tall), ("phone", Tall),
    ("tall", Tall), ("square", Square), ("podcast", Square), ("landscape", Wide), ("feed", Feed),
    ("wide", Wide),
];

/// Words that may stand before a place.
#[rustfmt::skip]
pub(in super::super) const TOWARDS: &[&str] = &[
    "for", "4", "as", "a", "my", "our", "the", "in", "on", "to", "into", "it", "make", "its", "yt",
    "youtube", "insta", "instagram", "ig", "new", "vertical", "this", "next", "be", "want", "and", "your",
    "fb", "para", "pra", "pro", "mi", "un", "una", "um", "uma", "fur", "als", "ein", "mein", "meinen",
    "pour", "mon", "en", "ma", "для", "в", "buat", "untuk", "icin", "ke", "liye", "di", "format", "mode",
    "auf", "im",
];
