"""What each key of a show, a venue and a profile is for, as an editor shows it beside the key."""

from collections.abc import Mapping

from stagectl.words.mistakes import MISTAKES
from stagectl.words.tongue import N_, _

KEYS: Mapping[str, str] = {
    # a show
    "show.show": N_("The event's name."),
    "show.date": N_("The day of the event: 2026-11-28."),
    "show.start": N_('When the event begins: "19:00".'),
    "show.venue": N_("Where: lillestrom is scenes/lillestrom.yaml."),
    "show.language": N_("The language spoken at the event."),
    "show.people": N_("Who takes part, by role: {guest.name} in a text is the guest's name."),
    "show.cues": N_("The running order. File order counts; numbers are labels."),
    "person.name": N_("The name, as it stands on the screen."),
    "person.role": N_("What they are: author, host, minister."),
    "cue.cue": N_("The number: digits, up to three decimals. 2 and 2.0 are one number."),
    "cue.name": N_("What the list shows."),
    "cue.notes": N_("What the operator should say or do."),
    "cue.scene": N_("Take a scene of the venue."),
    "cue.set": N_(
        "Put parameters at values, after the scene. Each holds until a later cue sets it."
    ),
    "cue.do": N_("Trigger something once. A jump or a restart never repeats it."),
    "cue.fade": N_("How long every number of this cue travels: 2 s."),
    "cue.wait": N_("How long from GO to the first change."),
    "cue.follow": N_("The next cue goes by itself this long after this one, or at its end: end."),
    "cue.at": N_('Goes at this time of day, once, if it is the next cue: "19:00".'),
    "cue.length": N_("How long it is planned to last, for the clocks; it triggers nothing."),
    "cue.block": N_("Start from the room at rest: nothing of the cues before is left."),
    "cue.chapter": N_("A chapter of the recording begins here; this is its title."),
    "cue.group": N_("Parts that go with one GO, each at its own time."),
    "part.name": N_("What the part is."),
    "part.scene": N_("Take a scene of the venue."),
    "part.set": N_("Put parameters at values."),
    "part.do": N_("Trigger something once."),
    "part.fade": N_("How long the numbers of this part travel; else the cue's."),
    "part.wait": N_("How long from the cue's start to this part's."),
    # a venue
    "venue.venue": N_("The room's name."),
    "venue.devices": N_("What can be driven here, by name."),
    "venue.base": N_("The room at rest, written like a set."),
    "venue.scenes": N_("Looks of the whole room, by name."),
    "venue.safe": N_("The scene of Stop everything."),
    "venue.cover": N_("The scene that covers stream and recording."),
    "venue.language": N_("The language of the screens."),
    "venue.timezone": N_("Where the clock on the wall is: Europe/Oslo."),
    "venue.controls": N_("What the keys and faders of a controller do, by device and control."),
    "device.profile": N_(
        "What kind of device it is: a file in scenes/profiles/, or a built-in one."
    ),
    "device.at": N_("Its address: 192.168.10.20, host:port or midi:name."),
    "device.password": N_("The name of a secret that is kept elsewhere: secret:obs."),
    "device.names": N_("The room's names for what the device has: host: ch.1"),
    "device.public": N_("It reaches the audience or the net."),
    "device.run": N_("The command that starts it, as a list of its words."),
    "scene.label": N_("What its button says."),
    "scene.set": N_("Put parameters at values."),
    "scene.still": N_("A picture that stands still is no fault here."),
    "binding.set": N_("Put parameters at values."),
    "binding.do": N_("Trigger something once."),
    # a profile
    "profile.driver": N_("The protocol that is spoken."),
    "profile.source": N_("The page all this was read on: protocol, version."),
    "profile.port": N_("The port, where the venue gives an address without one."),
    "profile.keepalive": N_("What is said again and again, so that the device keeps answering."),
    "profile.probe": N_("A question that any such device answers."),
    "profile.restart": N_("How to tell that the device was without power."),
    "profile.parameters": N_("What can be put at a value, by its pattern: ch.{1..32}.level"),
    "profile.verbs": N_("What can be triggered, by name."),
    "profile.controls": N_("The keys and faders of a controller, by their pattern."),
    "profile.meters": N_("The messages that say how loud things are, by their address."),
    "meter.measure": N_("In what: linear (1.0 is full scale), or 256ths of a decibel."),
    "meter.say": N_("What asks for it."),
    "meter.every": N_("How often it is asked for: 8 s."),
    "meter.of": N_('Whose level stands where, counted from nought: ch.{1..32}: "{-1}"'),
    "keepalive.say": N_("What is said."),
    "keepalive.every": N_("How often: 8 s."),
    "restart.power_on": N_("What parameters read after a power cut."),
    "parameter.switch": N_("It is on or off."),
    "parameter.text": N_("It takes any text."),
    "parameter.word": N_("It takes one word or name, such as a scene's in OBS."),
    "parameter.choices": N_("It takes one of these words."),
    "parameter.words": N_("It takes one of these words, said to the device as what stands after."),
    "parameter.address": N_("How the driver calls it; each {} takes the next slot of the pattern."),
    "parameter.type": N_("The driver's own type; for OSC f, i, s or T."),
    "parameter.unit": N_("The unit of the number: dB, %, s."),
    "parameter.range": N_("The lowest and the highest, in the unit."),
    "parameter.curve": N_("[said, wire] points, both rising, with straight lines between."),
    "parameter.steps": N_("How many steps the device can tell apart."),
    "parameter.read": N_("The device can be asked what it is."),
    "parameter.rest": N_("Its value when nothing sets it."),
    "parameter.main": N_("It is what a bare name means."),
    "parameter.among": N_("The device's own list of what may be said here."),
    "verb.argument": N_("What comes after the verb."),
    "verb.choices": N_("The words that can come after it."),
    "verb.address": N_("How the driver calls it."),
    "verb.type": N_("The driver's own type of what comes after it."),
    "verb.pulse": N_("Press and let go: 1, and a moment later 0."),
    "verb.latch": N_("A state that people own: after a lost link, restore it, or ask."),
    "control.type": N_("What it says: note, cc, cc14, bend or program."),
    "control.address": N_("Its channel and number, with blanks for the slots of the pattern."),
    "control.key": N_("It is a key, and nothing else."),
    "control.fader": N_("It is a fader or a knob, and nothing else."),
    "control.lamp": N_("It has a lamp, which hears what the control says."),
    "control.lamp_type": N_("What its lamp hears, if something else."),
    "control.lamp_address": N_("Where its lamp is, if somewhere else."),
    "control.off": N_("What puts the lamp out."),
    "control.on": N_("What lights the lamp."),
    "control.motor": N_("The fader goes where it is told."),
    "control.relit": N_("The device changes the lamp by itself when the key is let go."),
    "reserved": N_("For a later version; it is left aside."),
}
"""By shape and key: "cue.fade"."""


def key(shape: str, name: str) -> str:
    """Return what a key is for, in the language spoken; "" where nobody has said."""
    said = KEYS.get(f"{shape}.{name}" if shape else name, "")
    return _(said) if said else ""


def cure(code: str) -> str:
    """Return how a mistake is put right, in the language spoken, if it needs no more to say so."""
    help_ = MISTAKES.get(code, ("", ""))[1]
    return _(help_) if help_ and "{" not in help_ else ""
