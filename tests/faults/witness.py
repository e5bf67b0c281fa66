"""Another client of an OBS, real or simulated: it hears what no status of the desk shows."""

from typing import Any

from obsws_python import EventClient, Subs


class Witness:
    """What OBS tells of the interpreter's picture in its scene «Samtale», in order."""

    def __init__(self, port: int, password: str) -> None:
        """Listen from now on."""
        self.tolk: list[bool] = []
        self._client = EventClient(
            host="127.0.0.1", port=port, password=password, subs=Subs.SCENEITEMS
        )
        self._client.callback.register(self.on_scene_item_enable_state_changed)

    def on_scene_item_enable_state_changed(self, data: Any) -> None:
        """Remember it; the library finds this by its name."""
        if data.scene_name == "Samtale":
            self.tolk.append(bool(data.scene_item_enabled))

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()
