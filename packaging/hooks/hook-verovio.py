"""Verovio: what it draws with. Leland is the program's font, Leipzig and Bravura are Verovio's own reserve.

The style sheets would put fonts for words into pages, which the program does not ask for.
"""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files(
    "verovio", excludes=["**/*.pyi", "**/*.css", "**/Gootville*", "**/Gootville/*", "**/Petaluma*", "**/Petaluma/*"]
)
