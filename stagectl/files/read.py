"""Show, venue and profile files become one book, uncached; every file is read once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from stagectl.core.check import Checked, check, check_venue
from stagectl.core.names import nearest
from stagectl.core.problem import Place, Problem, Said, Source
from stagectl.core.profile import Profile
from stagectl.core.value import Datum
from stagectl.core.written import (
    WrittenCue,
    WrittenDevice,
    WrittenPart,
    WrittenScene,
    WrittenShow,
    WrittenVenue,
)
from stagectl.files.clock import instant
from stagectl.files.declared import Told
from stagectl.files.disk import Disk, digest, profiles, shown
from stagectl.files.nodes import Node, Table, read_tree
from stagectl.files.profiles import read_profile
from stagectl.files.shapes import CueShape, DeviceShape, ShowShape, VenueShape
from stagectl.files.source import read_text


@dataclass(slots=True)
class Reading:
    """One reading of a show or a venue: what was read, and what was wrong with it."""

    disk: Disk = field(default_factory=Disk)
    told: Told = field(default_factory=Told)

    def show(self, path: Path, venue_path: Path | None, at: Mapping[str, str] | None) -> Checked:
        """Read a show and the venue it names."""
        tree = self.parse(path, Source(shown(path)))
        before = len(self.told.problems)
        shape = ShowShape.read(tree, self.told) if tree is not None else None
        if venue_path is None and shape is not None and tree is not None:
            venue_path = self._find_venue(path, shape, tree)
        venue = self._venue(venue_path) if venue_path is not None else None
        if shape is None or tree is None or venue is None:
            return self._refused()
        broken = any(p.severity == "error" for p in self.told.problems[before:])
        show = self._show(shape, tree, venue)
        checked = check(show, venue)
        if broken:  # a cue that could not be read was perhaps the last one, or took that scene
            of_whole = ("follow_last", "unreached")
            problems = tuple(p for p in checked.problems if p.code not in of_whole)
            checked = replace(checked, problems=problems)
        return self._whole(checked, path, venue_path, at)

    def venue(self, path: Path, at: Mapping[str, str] | None) -> Checked:
        """Read a venue by itself: a book whose show has no cue."""
        venue = self._venue(path)
        if venue is None:
            return self._refused()
        return self._whole(check_venue(venue), None, path, at)

    def profile(self, name: str, folder: Path | None) -> Profile | None:
        """Find a profile beside the venue, else built in, and read it."""
        found = self.disk.profile(name, folder)
        if found is None:
            return None
        shown, data = found
        return self.profile_bytes(name, shown, data)

    def profile_file(self, path: Path) -> Profile | None:
        """Read a profile by its path."""
        data = self.disk.read(path)
        if data is None:
            self.told.tell("unreadable", Said("", Source(shown(path))), file=shown(path))
            return None
        return self.profile_bytes(path.stem, shown(path), data)

    def profile_bytes(self, name: str, shown: str, data: bytes) -> Profile | None:
        """Read a profile; None if anything in it is wrong."""
        told = Told()
        tree = tree_of(shown, data, told)
        profile = read_profile(name, tree, told) if tree is not None else None
        self.told.problems += told.problems
        return profile if not any(p.severity == "error" for p in told.problems) else None

    # ---- outcome

    def _refused(self) -> Checked:
        return Checked(None, tuple(self.told.problems))

    def _whole(
        self,
        checked: Checked,
        show_path: Path | None,
        venue_path: Path | None,
        at: Mapping[str, str] | None,
    ) -> Checked:
        problems = (*self.told.problems, *checked.problems)
        book = checked.book
        if book is not None:
            devices = dict(book.venue.devices)
            for name, address in (at or {}).items():
                if name in devices:
                    devices[name] = replace(devices[name], at=address)
                else:
                    problems += (_no_device(name, book.venue.name, devices),)
            book = replace(
                book,
                venue=replace(book.venue, devices=devices),
                show_path=str(show_path.absolute()) if show_path else "",
                venue_path=str(venue_path.absolute()) if venue_path else "",
                digest=digest(self.disk.inputs),
            )
        if any(p.severity == "error" for p in problems):
            book = None
        return Checked(book, problems)

    # ---- a show

    def _show(self, shape: ShowShape, tree: Node, venue: WrittenVenue) -> WrittenShow:
        zone = ZoneInfo(venue.timezone)
        cues = (self._cue(cue, shape, zone) for cue in shape.cues if cue is not None)
        return WrittenShow(
            source=_source_of(tree),
            name=shape.show,
            cues=tuple(cue for cue in cues if cue is not None),
            date=shape.date,
            start=shape.start.text if shape.start else "",
            language=shape.language,
            people=shape.people,
        )

    def _cue(self, shape: CueShape, show: ShowShape, zone: ZoneInfo) -> WrittenCue | None:
        if shape.cue is None:
            return None
        return WrittenCue(
            number=shape.cue,
            name=shape.name,
            notes=shape.notes,
            scene=shape.scene,
            sets=shape.sets,
            dos=shape.dos,
            fade=shape.fade,
            wait=shape.wait,
            follow=shape.follow,
            at=self._at(shape.at, show.date, zone) if shape.at else None,
            length=shape.length,
            block=shape.block,
            chapter=shape.chapter,
            group=tuple(
                WrittenPart(p.name, p.scene, p.sets, p.dos, p.fade, p.wait) for p in shape.group
            ),
        )

    def _at(self, clock: Said, day: str, zone: ZoneInfo) -> float | None:
        if not day:
            self.told.tell("at_no_date", clock, text=clock.text)
            return None
        when = instant(day, clock.text, zone)
        if when.odd:
            self.told.tell(f"at_{when.odd}", clock, "warning", text=clock.text, date=day)
        return when.epoch

    def _find_venue(self, show: Path, shape: ShowShape, tree: Node) -> Path | None:
        """Look for scenes/<venue>.yaml beside the show's folder, or a folder further up."""
        if shape.venue is None:
            if isinstance(tree, Table) and tree.get("venue") is None:
                self.told.tell("missing_key", tree.pairs[0][0], key="venue")
            return None
        name = shape.venue.text.removesuffix(".yaml")
        folders = [folder / "scenes" for folder in show.absolute().parents[:4]]
        for folder in folders:
            if (found := self.disk.there(folder / f"{name}.yaml")) is not None:
                return found
        known = sorted({p.stem for f in folders if f.is_dir() for p in f.glob("*.yaml")})
        near = nearest(name, known)
        self.told.tell("no_venue", shape.venue, venue=name, near=near, venues=tuple(known))
        return None

    # ---- a venue

    def _venue(self, path: Path) -> WrittenVenue | None:
        tree = self.parse(path, Source(shown(path)))
        shape = VenueShape.read(tree, self.told) if tree is not None else None
        if shape is None or not isinstance(tree, Table):
            return None
        known: dict[str, Profile | None] = {}
        devices = []
        for name, device in shape.devices:
            profile = self._profile_of(device, path.absolute().parent, known)
            devices.append(_device(name, device, profile))
        top = tree.get("venue")
        return WrittenVenue(
            source=_source_of(tree),
            name=shape.venue,
            top=top if isinstance(top, Said) else tree.at,
            devices=tuple(devices),
            base=shape.base,
            scenes=tuple(
                WrittenScene(name, scene.label, scene.still, scene.sets)
                if scene
                else WrittenScene(name)
                for name, scene in shape.scenes
            ),
            safe=shape.safe,
            cover=shape.cover,
            language=shape.language or "nb",
            timezone=self._timezone(shape.timezone),
            controls=shape.controls,
        )

    def _profile_of(
        self, device: DeviceShape | None, folder: Path, known: dict[str, Profile | None]
    ) -> Profile | None:
        if device is None or device.profile is None:
            return None
        name = device.profile.text.removesuffix(".yaml")
        if name not in known:
            found = self.disk.profile(name, folder)
            if found is None:
                names = profiles(folder)
                near = nearest(name, names)
                self.told.tell(
                    "no_profile", device.profile, profile=name, near=near, profiles=names
                )
            known[name] = self.profile_bytes(name, *found) if found else None
        return known[name]

    def _timezone(self, said: Said | None) -> str:
        name = said.text.strip() if said else "Europe/Oslo"
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            if said is not None:
                near = nearest(name, available_timezones())
                self.told.tell("no_timezone", said, text=name, near=near)
            return "UTC"

    # ---- files

    def parse(self, path: Path, source: Source) -> Node | None:
        """Read a file as a tree, or tell why not."""
        data = self.disk.read(path)
        if data is None:
            self.told.tell("unreadable", Said("", source), file=source.file)
            return None
        return tree_of(source.file, data, self.told)


def kind_of(path: Path) -> Literal["show", "venue", "profile"]:
    """Tell by its keys what a file is; one that cannot be read is taken for a show."""
    reading = Reading()
    tree = reading.parse(path, Source(""))
    if isinstance(tree, Table):
        if tree.get("show") is None and tree.get("venue") is not None and tree.get("cues") is None:
            return "venue"
        if tree.get("driver") is not None:
            return "profile"
    return "show"


def tree_of(shown: str, data: bytes, told: Told) -> Node | None:
    """Read a file's bytes as a tree, or tell why not."""
    read = read_text(shown, data)
    told.problems += read.problems
    return read_tree(read.source, read.text, told.problems) if read.text is not None else None


def _source_of(tree: Node) -> Source:
    return (tree if isinstance(tree, Said) else tree.at).source


def _device(name: Said, shape: DeviceShape | None, profile: Profile | None) -> WrittenDevice:
    if shape is None:
        return WrittenDevice(name, "", None)
    return WrittenDevice(
        name=name,
        profile_name=shape.profile.text if shape.profile else "",
        profile=profile,
        at=shape.at,
        secret=shape.password,
        names=shape.names,
        public=shape.public,
        run=shape.run,
    )


def _no_device(name: str, venue: str, devices: Mapping[str, object]) -> Problem:
    near = nearest(name, devices)
    data: dict[str, Datum] = {"who": ("at", ""), "device": name, "name": name, "venue": venue}
    return Problem("unknown_device", Place(), {**data, "near": near, "devices": tuple(devices)})
