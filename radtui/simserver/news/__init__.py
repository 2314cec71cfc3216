"""From what happened to what the feed says of it, under which topic and in which order. Pure."""
