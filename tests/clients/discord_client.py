"""Uses the double of Discord as discord.py does: somebody else's idea of the same API."""

import asyncio
import io
import json
import sys
import urllib.request

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

URL, TOKEN = sys.argv[1], sys.argv[2]
Route.BASE = f"{URL}/api/v10"
# The library has the gateway's usual address built in.
ASK = urllib.request.Request(f"{URL}/api/v10/gateway", headers={"Authorization": f"Bot {TOKEN}"})
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(json.load(urllib.request.urlopen(ASK))["url"])


class View(discord.ui.View):
    def __init__(self):
        super().__init__(timeout=None)
        self.add_item(discord.ui.Button(label="Yes", custom_id="token"))


class Client(discord.Client):
    def __init__(self):
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True))
        self.tree = discord.app_commands.CommandTree(self)
        self.done = asyncio.Event()
        self.failed = None

        @self.tree.command(name="thumbnail", description="A thumbnail")
        async def thumbnail(interaction: discord.Interaction, about: str):
            try:
                await interaction.response.defer()
                try:
                    await interaction.response.defer()
                    raise AssertionError("acknowledged twice")
                except discord.InteractionResponded:
                    pass
                # The library knows better; the double has to refuse it as well.
                try:
                    await self.http.request(
                        Route("POST", "/interactions/{id}/{token}/callback", id=interaction.id, token=interaction.token),
                        json={"type": 5},
                    )
                    raise AssertionError("the double took a second acknowledgement")
                except discord.HTTPException as error:
                    assert error.code == 40060, error
                file = discord.File(io.BytesIO(b"bytes"), "a.png")
                message = await interaction.edit_original_response(content=about, view=View(), attachments=[file])
                assert message.content == about
                await interaction.followup.send("press now", ephemeral=True)
            except Exception as error:  # told at the end
                self.failed = error
                self.done.set()

    async def on_ready(self):
        await self.tree.sync()

    async def on_message(self, message):
        if message.author.bot:
            return
        try:
            assert message.attachments[0].filename == "me.jpg", message
            assert await message.attachments[0].read() == b"photo"
            sent = await message.channel.send("hello", reference=message, file=discord.File(io.BytesIO(b"x"), "x.png"))
            await sent.edit(content="hello again")
        except Exception as error:
            self.failed = error
            self.done.set()

    async def on_interaction(self, interaction):
        if interaction.type is discord.InteractionType.component:
            try:
                assert interaction.data["custom_id"] == "token"
                await interaction.response.edit_message(content="pressed")
            except Exception as error:
                self.failed = error
            self.done.set()


async def main():
    client = Client()
    async with client:
        task = asyncio.create_task(client.start(TOKEN))
        waiting = asyncio.create_task(client.done.wait())
        await asyncio.wait([task, waiting], timeout=60, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        assert client.done.is_set(), "it took too long"
        if client.failed:
            raise client.failed
    print("discord.py agrees")


asyncio.run(main())
