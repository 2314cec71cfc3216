"""The asyncio rim round core: it moves events in and carries commands out."""
