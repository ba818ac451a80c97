"""mido: its backends, which it imports by their names."""

hiddenimports = ["mido.backends.pygame", "mido.backends.rtmidi", "pygame.midi"]
