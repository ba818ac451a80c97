"""What is behind the window: the open score and everything that works on it, started and ended together."""

from PySide6.QtCore import QObject

from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.playback.outputs import Output
from inpaint_desktop.playback.synth import SynthOutput
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.files import Files
from inpaint_desktop.ui.measure_editing import MeasureEditing
from inpaint_desktop.ui.tasks import Report, Task
from inpaint_desktop.ui.transport import Transport


class Session(QObject):
    """Holds the parts that the views, panels and actions of one window share."""

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.editor = Editor(self)
        self.files = Files(self.editor, self)
        self.measures = MeasureEditing(self.editor, self)
        self.transport = Transport(self.editor, output_for(settings), self)
        self._engraving_child = ChildProcess()
        self.engraver = Engraver(self._engraving_child)
        self._warming = Task("warming", self)
        self.transport.told.connect(self.editor.told)

    def warm_up(self) -> None:
        """Start what is slow to start, in the background."""
        self.files.warm_up()
        self._warming.start(self._warm_up)

    def close(self) -> None:
        """End all threads and child processes."""
        self.transport.close()
        self._engraving_child.close()
        self.files.close()
        self._warming.close()

    def _warm_up(self, _report: Report) -> None:
        self.engraver.warm_up()


def output_for(_settings: Settings) -> Output:
    """What the settings say to play through."""
    return SynthOutput()
