"""A panel's end of a browser: Textual's own, but it ends when nobody is at the other end."""

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp


class Browser(WebDriver):
    """Reads what a browser says from standard input, writes what it shall draw to the output."""

    def run_input_thread(self) -> None:
        """Read until there is no more: then the server is gone, and nobody sees this panel."""
        super().run_input_thread()
        self._app.post_message(ExitApp())
