"""Every string that a person sees in the window goes through ``tr``."""

from PySide6.QtCore import QCoreApplication


def tr(text: str, **values: object) -> str:
    """Translate ``text`` and put ``values`` into its ``{places}``."""
    translated = QCoreApplication.translate("InpaintDesktop", text)
    return translated.format(**values) if values else translated
