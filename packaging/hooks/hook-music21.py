"""music21: all of its modules, as its ``__init__`` imports them, but no corpus, no scales of other cultures, no plots.

What it can do without is looked for only when it is used, which this program does not.
"""

from PyInstaller.utils.hooks import collect_submodules

hiddenimports = collect_submodules("music21", filter=lambda name: ".test" not in name or name == "music21.test")
excludedimports = [
    "IPython",
    "PIL",
    "coverage",
    "joblib",
    "jsonpickle",
    "matplotlib",
    "networkx",
    "numpy",
    "scipy",
    "setuptools",
    "tkinter",
]
