/* Writes what changed, and only that: whatever reads aloud says each thing once. */
"use strict";
const put = (place, said) => {
  const at = document.getElementById(place);
  if (place === "tone") document.getElementById("phase").dataset.tone = said;
  else if (Array.isArray(said)) {
    at.replaceChildren(...said.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  } else if (at && at.textContent !== said) at.textContent = said;
};
const events = new EventSource("status/events");
events.addEventListener("told", (event) => {
  for (const [place, said] of Object.entries(JSON.parse(event.data))) put(place, said);
});
events.addEventListener("error", () => {
  put("alarm", document.body.dataset.lost);
  if (events.readyState !== EventSource.CLOSED) return; // it tries again by itself
  setTimeout(() => location.reload(), 3000);
});
