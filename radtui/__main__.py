"""``python -m radtui`` is ``radtui``."""

from radtui.cli import main

if __name__ == "__main__":
    main()
