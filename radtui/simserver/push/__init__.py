"""What the WebSocket says: one pure function a message, in the JSON types of live captures."""
