"""The journal: what happened, kept on disk so that a crash loses nothing that was said to be kept."""
