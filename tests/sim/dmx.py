"""What olad 0.10.9 makes of an OSC message: both olads, the real one and ours, are held to it."""

ONE = "/dmx/universe/1/4"

WHAT_OLAD_DOES = [
    # address, type, argument, the slot looked at, its byte when it was 99 before
    (ONE, "i", 128, 4, 128),
    (ONE, "i", 300, 4, 255),
    (ONE, "i", -3, 4, 0),
    (ONE, "f", 1.0, 4, 255),
    (ONE, "f", 0.5, 4, 127),
    (ONE, "f", 0.999, 4, 254),
    (ONE, "f", 2.0, 4, 255),
    (ONE, "f", -2.0, 4, 0),
    (ONE, "d", 0.5, 4, 99),
    (ONE, "T", True, 4, 99),
    (ONE, "s", "77", 4, 99),
    (ONE, "", None, 4, 99),
    ("/stagectl", "", None, 4, 99),
    ("/dmx/universe/1/512", "i", 7, 512, 7),
    ("/dmx/universe/1/513", "i", 7, 512, 99),
    ("/dmx/universe/1/0", "i", 7, 1, 99),
]
