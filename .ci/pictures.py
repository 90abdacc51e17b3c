"""Draws the pictures of report.html in docs/src/gallery: `python3 .ci/pictures.py report.html`, the page of `fuzzysvm lend` on simulated loans.

Needs Chromium and Pillow. Each picture ends where a part of the page ends, so that no line is cut.
"""

import json
import pathlib
import re
import shutil
import sys
import tempfile

from PIL import Image

from report import BROWSERS, DARK, LIGHT, run, theme

GALLERY = pathlib.Path(__file__).resolve().parent.parent / "docs" / "src" / "gallery"
# Name, theme, width, the first element to see (nothing: from the top), the last ones.
PICTURES = (
    ("report", LIGHT, 1160, None, "#quarters figure"),
    ("report-phone", DARK, 390, "#quarters", "#quarters figure"),
)
# Pixels above the first element and below the last: less than to the next line of the page.
ABOVE, BELOW = 20, 6
# Colors of a picture, and how far apart they are at least (the sum over red, green and blue).
COLORS, APART = 64, 18
# No window is narrower than this.
NARROWEST = 500

# The page in a frame as wide as the picture, moved up to the first element, cut after the last, and how tall that is.
FRAME = """<!doctype html><meta charset=utf-8><meta name=color-scheme content="light dark">
<style>body{margin:0;overflow:hidden}iframe{border:0;display:block}</style>
<iframe id=f src="%(page)s" style="width:%(width)dpx;height:9000px"></iframe><pre id=out></pre><script>
const frame = document.getElementById("f");
addEventListener("load", () => {
  const page = frame.contentDocument, first = %(first)s, last = [...page.querySelectorAll(%(last)s)];
  const top = first ? Math.floor(page.querySelector(first).getBoundingClientRect().top) - %(above)d : 0;
  const bottom = Math.ceil(Math.max(...last.map((e) => e.getBoundingClientRect().bottom))) + %(below)d;
  frame.style.marginTop = `${-top}px`;
  document.getElementById("out").textContent = bottom - top;
});
</script>"""


def reduced(image):
    """The image in its most frequent colors, so that those of lines stay as they are."""
    chosen = []
    for _, color in sorted(image.getcolors(image.width * image.height), reverse=True):
        if len(chosen) < COLORS and all(sum(abs(a - b) for a, b in zip(color, c)) >= APART for c in chosen):
            chosen.append(color)
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for color in chosen for part in color])
    return image.quantize(palette=palette, dither=Image.Dither.NONE)


def picture(browser, page, folder, scheme, width, first, last):
    """One picture, its colors reduced to a palette."""
    frame, shot = folder / "frame.html", folder / "shot.png"
    frame.write_text(FRAME % {"page": page.as_uri(), "width": width, "first": json.dumps(first), "last": json.dumps(last),
                              "above": ABOVE, "below": BELOW}, encoding="utf-8")
    flags = (theme(scheme), "--allow-file-access-from-files", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync")
    found = re.search(r'<pre id="out">(\d+)</pre>', run(browser, *flags, "--dump-dom", frame.as_uri()).stdout)
    if not found:
        sys.exit(f"{page.name} has no {first or last}: is it of `fuzzysvm lend`?")
    height = int(found[1])
    run(browser, *flags, f"--window-size={max(width, NARROWEST)},{height}", f"--screenshot={shot}", frame.as_uri())
    with Image.open(shot) as seen:
        return reduced(seen.convert("RGB").crop((0, 0, width, height)))


def main():
    page = pathlib.Path(sys.argv[1]).resolve()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit("no Chromium is installed")
    for name, *what in PICTURES:
        with tempfile.TemporaryDirectory() as folder:
            drawn = picture(browser, page, pathlib.Path(folder), *what)
        path = GALLERY / f"{name}.png"
        drawn.save(path, optimize=True)
        print(f"{path.name}: {drawn.width} x {drawn.height}, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
