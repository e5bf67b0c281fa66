/* Digits to touch, and the key of a link: it stands behind the #, which no browser sends to anybody. */
"use strict";
const field = document.getElementById("pin");
const digits = document.querySelector(".digits");
digits.hidden = false;
digits.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  field.value = "erase" in button.dataset ? field.value.slice(0, -1) : field.value + button.dataset.digit;
});
const said = new URLSearchParams(location.hash.slice(1));
const key = said.get("key") || said.get("once");
if (key && location.pathname.endsWith("/")) {
  // a link that opens once is of no use to whoever reads this page's address later
  if (said.has("once")) history.replaceState(null, "", location.pathname);
  const form = document.getElementById("by-key");
  document.getElementById("key").value = key;
  // one that opens always stays in the address, for the day the server is another
  if (said.has("key")) form.action += location.hash;
  form.submit();
}
