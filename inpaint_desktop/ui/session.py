"""What is behind the window: the open score and everything that works on it, started and ended together."""

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal

from inpaint_desktop.documents.recovery import Recovered
from inpaint_desktop.documents.watching import FileStamp
from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.playback.outputs import Output
from inpaint_desktop.playback.port import PortOutput, port_names
from inpaint_desktop.playback.synth import SynthOutput
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.exporting import Exporter
from inpaint_desktop.ui.files import Files
from inpaint_desktop.ui.fill_settings import REMEMBERED, FillSettings
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.gallery.gallery import Gallery
from inpaint_desktop.ui.measure_editing import MeasureEditing
from inpaint_desktop.ui.preferences import Preferences, apply_to, playing_settings, program_of
from inpaint_desktop.ui.presets import Presets
from inpaint_desktop.ui.recent_list import RecentList
from inpaint_desktop.ui.recovering import Recovering
from inpaint_desktop.ui.tasks import Report, Task
from inpaint_desktop.ui.transport import Transport
from inpaint_desktop.ui.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Children:
    """The processes that may crash: one reads files, one engraves. They start when they are first needed."""

    reader: ChildProcess = field(default_factory=ChildProcess)
    engraver: ChildProcess = field(default_factory=ChildProcess)

    def close(self) -> None:
        """End both."""
        self.engraver.close()
        self.reader.close()


class Session(QObject):
    """Holds the parts that the views, panels and actions of one window share.

    ``children`` may be given by whoever opens several windows one after the other, and then ends them.

    Signals:
        ports_listed: carries the names of the MIDI ports, as ``list_ports`` has asked for.
    """

    ports_listed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None, children: Children | None = None) -> None:
        super().__init__(parent)
        self._children = children or Children()
        self._owns_children = children is None
        self.preferences = Preferences(settings, self)
        self.editor = Editor(self)
        self.files = Files(self.editor, self._children.reader, self)
        self.recovering = Recovering(self.editor, self._children.reader, self)
        self.recent = RecentList(self)
        self.measures = MeasureEditing(self.editor, self)
        self.transport = Transport(self.editor, output_for(settings), self)
        self.engraver = Engraver(self._children.engraver)
        self.exporter = Exporter(self.editor, self.transport, self.engraver, self)
        self.wishes = Wishes(self.editor, self)
        self.filler = Filler(self.editor, parent=self, wishes=self.wishes)
        self.filler.set_settings(fill_settings(settings))
        self.presets = Presets(self.preferences, self.filler, self)
        self.gallery = Gallery(self.editor, self.filler, self.transport, self)
        self._used = settings
        self._warming = Task("warming", self)
        self._listing = Task("listing-ports", self)
        self._listing.succeeded.connect(self.ports_listed)
        apply_to(self.transport, settings)
        self.recovering.restored.connect(self._on_recovering_restored)
        self.filler.settings_changed.connect(self._on_filler_settings_changed)
        self.preferences.changed.connect(self._on_preferences_changed)
        self.files.used.connect(self.recent.add)

    def warm_up(self) -> None:
        """Start what is slow to start, in the background."""
        self.recovering.look()
        self.files.warm_up()
        self.transport.warm_up()
        self.filler.warm_up()
        self._warming.start(self._warm_up)

    def close(self) -> None:
        """End all threads and child processes, and write the preferences."""
        self.keep_playing_settings()
        self.preferences.close()
        self.end_children()
        self.transport.close()
        self.filler.close()
        self.exporter.close()
        self.recovering.close()
        self.files.close()
        self.recent.close()
        self._warming.close()
        self._listing.close()
        self.end_children()  # a thread may have started one again

    def end_children(self) -> None:
        """End the child processes, so that no thread has to wait for them; a later call would start them again."""
        if self._owns_children:
            self._children.close()

    def list_ports(self) -> None:
        """Ask for the MIDI ports, in the background: loading the library takes longer than a window may stand still."""
        self._listing.start(lambda _report: port_names())

    def keep_playing_settings(self) -> None:
        """Take into the preferences how the transport plays now."""
        self.preferences.change(**playing_settings(self.transport))

    @property
    def settings(self) -> Settings:
        """The preferences as they are now."""
        return self.preferences.settings

    def _on_preferences_changed(self, settings: Settings) -> None:
        before, self._used = self._used, settings
        if settings.midi_port != before.midi_port:
            self.transport.use(output_for(settings))
        if settings.instrument != before.instrument:
            self.transport.instrument = program_of(settings)
        wanted = replace(self.filler.settings, model=settings.model, device=settings.device)
        if wanted != self.filler.settings:
            self.filler.set_settings(wanted)
            self.filler.warm_up()

    def _on_filler_settings_changed(self, wanted: FillSettings) -> None:
        wanted = wanted.without_example()
        self.preferences.change(**{name: getattr(wanted, name) for name in REMEMBERED})

    def _on_recovering_restored(self, recovered: Recovered, stamp: FileStamp | None) -> None:
        if recovered.work.path is not None:
            self.files.adopt(stamp)

    def _warm_up(self, _report: Report) -> None:
        self.engraver.warm_up()


def fill_settings(settings: Settings) -> FillSettings:
    """How takes shall be, as the settings remember it."""
    return FillSettings(**{name: getattr(settings, name) for name in REMEMBERED})


def output_for(settings: Settings) -> Output:
    """What the settings say to play through: a MIDI port, or the program's own instruments."""
    return PortOutput.named(settings.midi_port) if settings.midi_port else SynthOutput()
