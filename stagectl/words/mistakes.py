"""Every code of a problem has one sentence and one cure here, and both are in the catalogues.

{subject} is "cue 2", "the scene film" or "the base". A cure gives way to "did you mean …?".
"""

from collections.abc import Mapping

from stagectl.words.flaws import FLAWS
from stagectl.words.tongue import N_

MISTAKES: Mapping[str, tuple[str, str]] = {
    # the file itself
    "unreadable": (
        N_("{file} cannot be read."),
        N_("is the name right, and may you read it?"),
    ),
    "too_large": (
        N_("this file is over {most} MiB."),
        N_("a show is text, and far smaller: is this the right file?"),
    ),
    "not_utf8": (
        N_("the byte {byte} here is not UTF-8."),
        N_("save the file as UTF-8"),
    ),
    "empty_file": (
        N_("there is nothing in this file."),
        N_("begin with show: or venue:"),
    ),
    "tab": (N_("there is a tab here."), N_("write spaces instead")),
    "control": (
        N_("there is a character here that cannot be seen, {character}."),
        N_("take it away, and type the text again"),
    ),
    # YAML
    "alias": (
        N_("a * points to another place in the file, and that is not done here."),
        N_("write it out, or put the text in quotes"),
    ),
    "anchor": (
        N_("a & or * marks a place in the file, and that is not done here."),
        N_("leave it out, or put the text in quotes"),
    ),
    "tag": (
        N_("a ! gives a type, and that is not done here."),
        N_("leave it out, or put the text in quotes"),
    ),
    "merge": (N_("<< copies from elsewhere, and that is not done here."), N_("write it out")),
    "two_documents": (
        N_("a second document begins here."),
        N_("one file is one show: take --- away"),
    ),
    "too_deep": (
        N_("this is nested more than {most} deep."),
        N_("is a bracket too many?"),
    ),
    "odd_key": (N_("a name was expected here, not a list."), N_("put the name in quotes")),
    "key_twice": (N_("{key} stands in line {line} already."), N_("keep one of the two")),
    "comma": (
        N_("{text} is two things because of its comma."),
        N_("within braces, write {dotted}, or put it in quotes"),
    ),
    "hash": (
        N_("what comes after # is left out of the notes."),
        N_("put the notes in quotes if it belongs to them"),
    ),
    "colon": (
        N_("a colon and a space begin a new value here."),
        N_("put the whole text in quotes"),
    ),
    "unclosed_quote": (N_("the quotation mark here is never closed."), N_("close it")),
    "bad_start": (N_("no text can begin with this sign."), N_("put the text in quotes")),
    "unclosed_brace": (
        N_("the bracket here is never closed, or something in it is missing."),
        N_("close it, and look for a comma or a colon too many"),
    ),
    "unclosed_bracket": (
        N_("the bracket here is never closed, or something in it is missing."),
        N_("close it, and look for a comma or a colon too many"),
    ),
    "indent": (
        N_("this line is not indented like those it belongs to."),
        N_("move it so that it stands right under them"),
    ),
    "no_colon": (N_("there is no colon after this."), N_("write it as name: value")),
    "escape": (
        N_("\\ means something else within double quotes."),
        N_("use single quotes, or write \\\\"),
    ),
    "syntax": (
        N_("this cannot be understood."),
        N_("look at indentation, colons and quotes, here and in the line above"),
    ),
    "braces": (
        N_("braces without quotes are no text."),
        N_('put the text in quotes, as in "{{guest.name}}"'),
    ),
    # fields
    "not_table": (N_("keys with values were expected here."), N_("such as {keys}")),
    "not_pairs": (
        N_("keys with values were expected here."),
        N_("write a name, a colon and a space, and its value"),
    ),
    "not_text": (N_("a text was expected here."), N_("write it as name: value")),
    "not_list": (N_("a list was expected here."), N_("begin each of its lines with a dash")),
    "list_value": (N_("{name} takes one value, not a list."), N_("take the brackets away")),
    "unknown_key": (N_("{key} means nothing here."), N_("what can stand here: {keys}")),
    "reserved": (
        N_("{key} is for a later version, and is left aside."),
        "",
    ),
    "missing_key": (N_("{key}: is missing here."), N_("add a line with {key}:")),
    "empty": (N_("there is no value here."), N_("write one, or take the line away")),
    "cue_number": (
        N_("{text} is no cue number."),
        N_("digits, with up to three decimals: 2 or 2.5"),
    ),
    "follow": (
        N_("{text} is neither a time nor the word end."),
        N_("write 12 s, or end: when this cue is done"),
    ),
    "date": (N_("{text} is no date."), N_("write it as 2026-11-28")),
    "clock": (N_("{text} is no time of day."), N_('write it as "19:00"')),
    "clock_decimal": (
        N_("{text} can be read as a number as well as a time of day."),
        N_('write it as "{time}"'),
    ),
    "language": (N_("{text} is no language."), N_("write nb or en")),
    "literal_password": (
        N_("a password must not stand in a file."),
        N_("write secret: and a name, as in secret:obs, and keep the password outside"),
    ),
    "file_name": (
        N_("{text} cannot be the name of a file here."),
        N_("write the name alone, without folders"),
    ),
    "bad_name": (
        N_("{name} cannot be a name."),
        N_("leave out dots, slashes and braces"),
    ),
    # values
    "not_switch": (N_("{text} is neither on nor off."), N_("write on or off")),
    "not_number": (N_("{text} is no number."), N_("write digits, as in -5 or 2.5")),
    "not_finite": (N_("{text} is no number that can be reached."), N_("write digits")),
    "unit": (
        N_("{text} is in {unit}, but {wanted} is meant here."),
        N_("write the number in {wanted}"),
    ),
    "unit_none": (
        N_("{text} has the unit {unit}, but a plain number is meant here."),
        N_("write the number alone"),
    ),
    "range": (N_("{text} is out of range."), N_("it can be {span}")),
    "choice": (N_("{text} is none of the words that can stand here."), N_("one of: {choices}")),
    "not_duration": (
        N_("{text} is no length of time."),
        N_("write it as 3 s, 15 min or 1:05:00"),
    ),
    "no_unit": (N_("{text} has no unit."), N_("{text} s, or {text} min?")),
    "hours_or_minutes": (N_("{text} can be read in two ways."), N_("write {readings}")),
    "negative": (N_("{text} is less than no time."), N_("take the minus sign away")),
    "sixty": (
        N_("{text} has more than 59 minutes or seconds."),
        N_("write it as h:mm:ss"),
    ),
    # the clock on the wall
    "at_no_date": (
        N_("{text} needs to know the day."),
        N_("give the show a date: near its top"),
    ),
    "at_skipped": (
        N_("the clock is put forward past {text} on {date}; it will be an hour later."),
        N_("choose another time"),
    ),
    "at_twice": (
        N_("{text} comes twice on {date}, when the clock is put back; the first is meant."),
        N_("choose another time"),
    ),
    "at_backwards": (
        N_("cue {cue} has an earlier time than cue {before} before it."),
        N_("it can only go after that one"),
    ),
    # names
    "unknown_device": (
        N_("{subject} names {device}, but {venue} has no such device."),
        N_("it has {devices}"),
    ),
    "unknown_name": (
        N_("{subject} sets {name}, but {venue} has no such name."),
        N_("add it to the venue, or take it away here"),
    ),
    "no_role": (
        N_("{subject} sets {path}, but {venue} has no {role} at {device}."),
        N_("give it a channel under names: in the venue, or take it away here"),
    ),
    "unknown_scene": (
        N_("{subject} takes the scene {scene}, but {venue} has no such scene."),
        N_("it has {scenes}"),
    ),
    "no_shared_scene": (
        N_("{subject} takes the scene {scene}, which {venue} does not have."),
        N_("add it under scenes: in the venue, or take another"),
    ),
    "unknown_verb": (N_("{subject} does {verb}, and nothing can do that."), N_("known: {verbs}")),
    "no_argument": (N_("{verb} takes nothing after it."), N_("take {text} away")),
    "bad_argument": (N_("{verb} cannot {text}."), N_("one of: {choices}")),
    "argument_number": (N_("{verb} takes a number, not {text}."), N_("write digits")),
    "needs_argument": (N_("{verb} needs to know what."), N_("write it as {verb}: name")),
    "set_twice": (
        N_("{subject} sets {parameter} twice."),
        N_("keep one of the two"),
    ),
    "no_rest": (
        N_("{parameter} is set, but has no value at rest."),
        N_("give it one under base: in {file}"),
    ),
    "nobody": (
        N_("{{{role}.{attribute}}} is nobody: the show has no person in that role."),
        N_("add {role} under people:"),
    ),
    "half_template": (
        N_("{text} has one brace, and would stand on the screen like that."),
        N_("write {whole}"),
    ),
    "no_attribute": (
        N_("a person has a name and a role, but no {attribute}."),
        N_("write {{{role}.name}} or {{{role}.role}}"),
    ),
    "number_twice": (
        N_("cue {cue} stands in line {line} already, as {first}."),
        N_("give one of them another number"),
    ),
    # the room
    "no_safe": (
        N_("{venue} names no safe scene: Stop everything goes to its base alone."),
        N_("add safe: and the name of a scene"),
    ),
    "no_cover": (
        N_("{venue} names no cover scene: the broadcast cannot be covered."),
        N_("add cover: and the name of a scene"),
    ),
    "overlay_scene": (
        N_("{overlay} takes the scene {scene}, but {venue} has no such scene."),
        N_("add it under scenes:"),
    ),
    "no_address": (N_("{device} has no address."), N_("add at: and its address")),
    "bad_address": (
        N_("{text} is no address for {device}."),
        N_("write it as 192.168.10.20, host:port or midi:name"),
    ),
    "named_address": (
        N_("{text} is no address for {device}: OSC finds its devices by number, not by name."),
        N_("write it as 192.168.10.20 or 192.168.10.20:10023"),
    ),
    "bad_stem": (
        N_("{name} is {stem}, but {profile} has no such thing."),
        N_("look in the profile of {device}"),
    ),
    "no_venue": (N_("there is no venue {venue}."), N_("there is: {venues}")),
    "no_profile": (N_("there is no device profile {profile}."), N_("there is: {profiles}")),
    "no_timezone": (N_("{text} is no time zone."), N_("such as Europe/Oslo")),
    # what is odd, but can be meant
    "group_long": (
        N_("cue {cue} has more than {most} parts."),
        N_("make two cues of it, the first with follow: end"),
    ),
    "part_hidden": (
        N_("{subject} sets {parameter} here, but a later part has set it by then."),
        N_("give the later part a longer wait, or keep one of the two"),
    ),
    "follow_last": (
        N_("cue {cue} is the last, so that nothing can follow it."),
        N_("take follow: away"),
    ),
    "unreached": (N_("no cue of “{show}” leads to these scenes: {scenes}."), ""),
    "unreached_by_all": (
        N_("no cue of the venue's {shows} shows leads to these scenes: {scenes}."),
        "",
    ),
    "doubtful_name": (
        N_("{subject} names {name}, which the venue never does."),
        N_("is it spelt as the device has it?"),
    ),
    # controllers
    "controls_device": (
        N_("{device} has controls, but {venue} has no such device."),
        N_("it has {devices}"),
    ),
    "unknown_control": (N_("{device} has no control {name}."), N_("it has {controls}")),
    "no_controls": (
        N_("{device} is driven by {profile}, which has no keys or faders."),
        N_("controls: is for MIDI controllers"),
    ),
    "unknown_deed": (
        N_("{text} is nothing a control can do."),
        N_("write {words}, cue and its number, or a parameter of the room"),
    ),
    "no_travel": (
        N_("{parameter} is neither a switch nor a number with two ends."),
        N_("write {{set: {{{parameter}: value}}}} to put it at one value"),
    ),
    "wants_key": (N_("{text} wants a key, and {name} is a fader."), N_("take a key for it")),
    "wants_fader": (N_("{text} wants a fader, and {name} is a key."), N_("take a fader for it")),
    "control_cue": (
        N_("{name} fires cue {cue}, which this show does not have."),
        N_("it does nothing here"),
    ),
    "msc_device": (
        N_("{text} is no device of MIDI show control."),
        N_("a number from 0 to 111, or all"),
    ),
    "msc_cue": (
        N_("{verb} cannot name a cue {text}."),
        N_("digits and full stops, as in 12.5; the list's number after a space"),
    ),
    # device profiles
    "midi_address": (
        N_("{text} is no address on MIDI."),
        N_("write the channel from 0 to 15, a space, and the number: 0 60"),
    ),
    "midi_range": (N_("MIDI cannot say it."), N_("a switch, words, or a number with range:")),
    "lamp_range": (
        N_("off: and on: are for a lamp, and go to {most}."),
        N_("add lamp: true, or write smaller numbers"),
    ),
    "one_of": (N_("{text} cannot stand here."), N_("one of: {choices}")),
    "port": (N_("{text} is no port."), N_("a whole number from 1 to 65535")),
    "whole_number": (N_("{text} is no whole number."), N_("write digits alone")),
    "range_shape": (N_("this is no range."), N_("write it as [low, high], within the curve")),
    "curve_shape": (
        N_("this is no curve."),
        N_("write it as [[said, wire], …], both rising, at least two points"),
    ),
    "one_kind": (N_("one parameter cannot be all of: {kinds}."), N_("keep one of them")),
    "only_numbers": (
        N_("unit, range and curve are for numbers."),
        N_("take them away, or what says it is no number"),
    ),
    "word_shape": (
        N_("this word cannot be said on the wire as type {type}."),
        N_("write a value of that type"),
    ),
    "osc_address": (N_("{text} is no OSC address."), N_("begin it with /")),
    "pattern": (
        N_("{text} and its address do not fit together."),
        N_("each {{}} of the address takes one slot, as in ch.{{1..32}}.level"),
    ),
    "slots_fall": (
        N_("{text} counts down."),
        N_("write the smaller number first, as in ch.{{1..32}}.level"),
    ),
    "slots_run_on": (
        N_("in {text} nobody can tell where one slot ends and the next begins."),
        N_("put a dot or a slash between them"),
    ),
    "no_meters": (
        N_("{driver} has no levels to say."),
        N_("take meters: away"),
    ),
    "keepalive_pace": (
        N_("a keep-alive this often would be all that a desk does."),
        N_("every: {seconds} s is the least"),
    ),
    "power_on": (
        N_("{text} is no parameter of this profile."),
        N_("write it as under parameters:"),
    ),
    **FLAWS,
}
