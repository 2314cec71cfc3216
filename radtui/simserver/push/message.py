"""A message of the feed before it is a frame."""

from __future__ import annotations

from typing import Final

Message = dict[str, object]
"""A frame without its topic and type: subject, data, and what else stands beside them."""

PRIVATE: Final = "private"


def private(user_id: str, subject: str, data: Message, name: str = "") -> Message:
    """Return a message of the account's own; `name` is its id where it has one."""
    head: Message = {"subject": subject}
    if name:
        head["id"] = name
    return {**head, "userId": user_id, "channelType": PRIVATE, "data": data}
