"""The one typed settings tree, what it is read from, and how it is written down."""
