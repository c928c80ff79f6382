"""Uses the double of Telegram's Bot API as python-telegram-bot does: somebody else's idea of the same API."""

import asyncio
import io
import sys

from PIL import Image
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.error import BadRequest, RetryAfter
from telegram.request import HTTPXRequest


def picture(colour):
    data = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(data, "PNG")
    return data.getvalue()


async def main(url, token):
    bot = Bot(token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot", request=HTTPXRequest(read_timeout=20))
    async with bot:
        me = await bot.get_me()
        assert me.is_bot and me.username == "AtelierTestBot", me
        await bot.set_my_commands([("help", "Help")], language_code="de")
        assert [command.command for command in await bot.get_my_commands(language_code="de")] == ["help"]

        (first,) = await bot.get_updates(timeout=10)
        assert first.message.text == "hello" and first.message.chat_id == 7, first
        # What was not confirmed comes again; what was does not.
        assert (await bot.get_updates(timeout=0))[0].update_id == first.update_id
        assert await bot.get_updates(offset=first.update_id + 1, timeout=0) == ()

        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="token")]])
        sent = await bot.send_message(7, "Sure?", reply_markup=keyboard, reply_to_message_id=first.message.message_id)
        assert sent.reply_to_message.message_id == first.message.message_id
        red = picture("red")
        photo = await bot.send_photo(7, red, caption="red", reply_markup=keyboard)
        file = await bot.get_file(photo.photo[-1].file_id)
        assert bytes(await file.download_as_bytearray()) == red
        await bot.edit_message_caption(7, photo.message_id, caption="very red")
        changed = await bot.edit_message_media(InputMediaPhoto(picture("blue"), caption="blue"), 7, sent.message_id)
        assert changed.caption == "blue" and changed.photo
        album = await bot.send_media_group(7, [InputMediaPhoto(picture("red")), InputMediaPhoto(picture("blue"))])
        assert len(album) == 2 and album[0].media_group_id == album[1].media_group_id
        document = await bot.send_document(7, red, filename="red.png", disable_content_type_detection=True)
        assert document.document.file_name == "red.png"
        await bot.send_chat_action(7, "typing")

        try:
            await bot.edit_message_text("late", 7, 999_999)
            raise AssertionError("a message that is not there was changed")
        except BadRequest as error:
            assert "message to edit not found" in str(error).lower(), error
        try:
            await bot.send_message(7, "x" * 4097)
            raise AssertionError("a message that is too long was sent")
        except BadRequest as error:
            assert "too long" in str(error), error
        try:
            await bot.send_message(7, "slow")
            raise AssertionError("the refusal was not given")
        except RetryAfter as error:
            assert int(getattr(error.retry_after, "total_seconds", lambda: error.retry_after)()) == 3, error

        await bot.send_message(7, "press now")
        (press,) = await bot.get_updates(offset=first.update_id + 1, timeout=10)
        assert press.callback_query.data == "token", press
        await bot.answer_callback_query(press.callback_query.id, text="seen")
        try:
            await bot.answer_callback_query(press.callback_query.id)
            raise AssertionError("a press was answered twice")
        except BadRequest as error:
            assert "query is too old" in str(error).lower(), error
    print("python-telegram-bot agrees")


asyncio.run(main(sys.argv[1], sys.argv[2]))
