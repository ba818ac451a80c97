"""Verovio: what it draws with. Leland is the program's font, Leipzig and Bravura are Verovio's own reserve."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files(
    "verovio", excludes=["**/*.pyi", "**/Gootville*", "**/Gootville/*", "**/Petaluma*", "**/Petaluma/*"]
)
