"""The sixty-four emoji of the Matrix specification, in its order, with the names it gives them: what two people compare."""

from __future__ import annotations

from collections.abc import Sequence

_TABLE = (
    "🐶 Dog|🐱 Cat|🦁 Lion|🐎 Horse|🦄 Unicorn|🐷 Pig|🐘 Elephant|🐰 Rabbit|🐼 Panda|🐓 Rooster|🐧 Penguin|🐢 Turtle|🐟 Fish|"
    "🐙 Octopus|🦋 Butterfly|🌷 Flower|🌳 Tree|🌵 Cactus|🍄 Mushroom|🌏 Globe|🌙 Moon|☁️ Cloud|🔥 Fire|🍌 Banana|🍎 Apple|"
    "🍓 Strawberry|🌽 Corn|🍕 Pizza|🎂 Cake|❤️ Heart|😀 Smiley|🤖 Robot|🎩 Hat|👓 Glasses|🔧 Spanner|🎅 Santa|👍 Thumbs Up|"
    "☂️ Umbrella|⌛ Hourglass|⏰ Clock|🎁 Gift|💡 Light Bulb|📕 Book|✏️ Pencil|📎 Paperclip|✂️ Scissors|🔒 Lock|🔑 Key|"
    "🔨 Hammer|☎️ Telephone|🏁 Flag|🚂 Train|🚲 Bicycle|✈️ Aeroplane|🚀 Rocket|🏆 Trophy|⚽ Ball|🎸 Guitar|🎺 Trumpet|🔔 Bell|"
    "⚓ Anchor|🎧 Headphones|📁 Folder|📌 Pin"
)
EMOJI: tuple[tuple[str, str], ...] = tuple(
    (emoji.split(" ", 1)[0], emoji.split(" ", 1)[1]) for emoji in _TABLE.split("|")
)


def spoken(indices: Sequence[int]) -> tuple[str, ...]:
    """Return each as a picture and its name, so that it can be read out on the phone."""
    return tuple(f"{picture} {name}" for picture, name in (EMOJI[index] for index in indices))
