"""The screens: the cockpit itself, and the sheets that ask, explain and report."""
