"""Run a show from one cue list: OBS, mixers, lights, recordings."""
