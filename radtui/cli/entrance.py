"""The page before the cockpit: it takes the token out of the address, and shows it to the server once."""

from typing import Final

ENTRANCE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>radtui</title>
<style>body { background: #101418; color: #d8dee4; font: 16px monospace; margin: 3em; }</style>
</head>
<body>
<p id="said">Entering …</p>
<script>
const said = document.getElementById("said");
const token = location.hash.slice(1);
history.replaceState(null, "", "/");
async function enter() {
  const answer = await fetch("/enter", { method: "POST", body: token, credentials: "same-origin" });
  if (answer.ok) location.replace("/");
  else said.textContent = await answer.text();
}
if (token) enter().catch(() => { said.textContent = "radtui serve does not answer."; });
else said.textContent = "Open the address that radtui serve has printed, with all that stands behind its #.";
</script>
</body>
</html>
"""
