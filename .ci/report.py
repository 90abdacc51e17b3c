"""Looks at a report.html as a browser does: `python3 .ci/report.py report.html [FOLDER]`, which also puts screenshots into FOLDER.

Says so and ends well where no Chromium is installed. Nothing else is needed. Exit code 1 where something is wrong with the page.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "chrome-headless-shell")
WIDTHS = (320, 390, 1200)
LIGHT, DARK = 1, 0
MAX_PAGES = 10

# What must hold in the page. It runs in a copy without the policy, inside a frame of the width to look at.
CHECKS = r"""
const wrong = [];
const must = (holds, words) => { if (!holds) wrong.push(words); };
const page = frame.contentDocument, view = frame.contentWindow;
const all = (selector, root = page) => [...root.querySelectorAll(selector)];
must(view.innerWidth === width, `the frame is ${view.innerWidth} wide, not ${width}`);
must(page.documentElement.scrollWidth <= view.innerWidth, `the page is ${page.documentElement.scrollWidth} wide`);
must(all("h1").length === 1 && all("h1")[0].textContent.trim(), "no heading");
const ids = all("[id]").map((e) => e.id);
must(new Set(ids).size === ids.length, "an id occurs twice");
must(page.getElementsByTagName("*").length <= nodes, `${page.getElementsByTagName("*").length} elements`);
for (const svg of all("figure > svg")) {
  if (!svg.checkVisibility()) continue;
  const id = svg.closest("figure").id, box = svg.getBoundingClientRect();
  must(box.width > 200 && box.height > 60, `${id}: ${box.width} by ${box.height}`);
  const marks = all("path,circle,rect", svg).filter((e) => !/^[agz]$/.test(e.getAttribute("class")));
  must(marks.length > 0, `${id}: nothing is drawn`);
  for (const mark of marks) {
    const b = mark.getBoundingClientRect();
    must(b.left >= box.left - 2 && b.right <= box.right + 2 && b.top >= box.top - 2 && b.bottom <= box.bottom + 2,
      `${id}: a mark lies outside: ${mark.outerHTML.slice(0, 90)}`);
  }
  for (const text of all("text", svg)) {
    const b = text.getBoundingClientRect();
    must(parseFloat(view.getComputedStyle(text).fontSize) * box.width / 360 >= 10, `${id}: small text`);
    must(b.left >= box.left - 1 && b.right <= box.right + 1, `${id}: a text is cut off: ${text.textContent}`);
  }
  const [title, desc] = ["title", "desc"].map((tag) => svg.querySelector(`:scope > ${tag}`));
  must(title?.textContent.trim() && desc?.textContent.trim(), `${id}: no title or desc`);
  must(svg.getAttribute("aria-labelledby") === `${title?.id} ${desc?.id}`, `${id}: not named by its title`);
  must(all("details table tbody tr", svg.closest("figure")).length > 0, `${id}: no numbers`);
}
for (const table of all("table")) {
  const name = table.caption?.textContent;
  must(name, "a table has no caption");
  must(all("thead th", table).every((th) => th.scope === "col"), `${name}: a heading has no scope`);
  must(all("tbody th", table).every((th) => th.scope === "row"), `${name}: a row has no name`);
  const columns = table.tHead.rows[0].cells.length;
  must(all("tbody tr", table).every((tr) => tr.cells.length <= columns), `${name}: a row is too long`);
}
const select = page.getElementById("theme");
const stroke = () => view.getComputedStyle(page.querySelector(".l1, .w1, .w0, .h1, a")).color + view.getComputedStyle(page.body).backgroundColor;
const choose = (theme) => { select.value = theme; select.dispatchEvent(new view.Event("change")); return stroke(); };
must(choose("light") !== choose("dark"), "the theme switch changes nothing");
choose("system");
for (const table of all("table.sort").filter((t) => t.checkVisibility()).slice(0, 3)) {
  const button = table.tHead.rows[0].cells[1].querySelector("button");
  const column = () => [...table.tBodies[0].rows].map((r) => r.cells[1].textContent).join();
  const before = column();
  button.focus();
  must(page.activeElement === button, "a heading cannot be reached by keyboard");
  button.click();
  const rises = column();
  must(button.parentElement.getAttribute("aria-sort") === "ascending", "aria-sort is not set");
  button.click();
  must(table.tBodies[0].rows.length < 3 || rises !== column() || new Set(before.split(",")).size === 1, "sorting changes nothing");
}
"""

FRAME = """<!doctype html><meta charset=utf-8><style>body{margin:0}iframe{border:0}</style>
<iframe id=f src="%(page)s" style="width:%(width)dpx;height:900px"></iframe><pre id=out></pre><script>
const frame = document.getElementById("f"), width = %(width)d, nodes = %(nodes)d;
addEventListener("load", () => {
  let said;
  try { %(checks)s; said = wrong; } catch (e) { said = ["the checks failed: " + e.stack]; }
  document.getElementById("out").textContent = JSON.stringify(said);
});
</script>"""

HEIGHT = """<!doctype html><meta charset=utf-8><style>body{margin:0}iframe{border:0}</style>
<iframe id=f src="%(page)s" style="width:%(width)dpx;height:900px"></iframe><pre id=out></pre><script>
addEventListener("load", () => {
  document.getElementById("out").textContent = document.getElementById("f").contentDocument.documentElement.scrollHeight;
});
</script>"""


def run(browser, *flags, timeout=120):
    """Standard output and error of the browser without a window."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr",
                   f"--user-data-dir={profile}", "--virtual-time-budget=4000", *map(str, flags)]
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout)


def theme(scheme):
    """The flag of a preferred color scheme."""
    return f"--blink-settings=preferredColorScheme={scheme}"


def console(text):
    """Messages of the console: a page that is well has none."""
    return [line.split("CONSOLE", 1)[1] for line in text.splitlines() if "CONSOLE" in line]


def checked(browser, page, folder, nodes):
    """What is wrong with the page, by width and theme."""
    text = page.read_text(encoding="utf-8")
    copy = folder / "copy.html"
    copy.write_text(re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text), encoding="utf-8")
    wrong = []
    for scheme in (LIGHT, DARK):
        for width in WIDTHS:
            frame = folder / "frame.html"
            frame.write_text(FRAME % {"page": copy.name, "width": width, "checks": CHECKS, "nodes": nodes}, encoding="utf-8")
            shown = run(browser, theme(scheme), "--allow-file-access-from-files", "--window-size=1400,1000", "--dump-dom", frame.as_uri())
            found = re.search(r'<pre id="out">(.*?)</pre>', shown.stdout, re.S)
            said = json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) if found and found[1] else ["no answer"]
            wrong += [f"{width} px, {'dark' if scheme == DARK else 'light'}: {words}" for words in dict.fromkeys(said)]
    # The page itself, with its policy: its script must run, and nothing else may be asked for.
    shown = run(browser, "--dump-dom", page.as_uri())
    wrong += [f"console: {line.strip()}" for line in console(shown.stderr)]
    if "<button" not in shown.stdout and 'class="sort"' in text:
        wrong.append("its own script does not run under its policy")
    pdf = folder / "page.pdf"
    run(browser, theme(DARK), "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri())
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) if pdf.exists() else 0
    if not 1 <= pages <= MAX_PAGES:
        wrong.append(f"printed on {pages} pages")
    return wrong


def height(browser, page, width):
    """How tall the page is in a window of this width."""
    with tempfile.TemporaryDirectory() as folder:
        frame = pathlib.Path(folder) / "frame.html"
        frame.write_text(HEIGHT % {"page": page.as_uri(), "width": width}, encoding="utf-8")
        shown = run(browser, "--allow-file-access-from-files", "--window-size=1400,1000", "--dump-dom", frame.as_uri())
    return int(re.search(r'<pre id="out">(\d+)</pre>', shown.stdout)[1])


def pictures(browser, page, folder):
    """Screenshots of the whole page: both themes on a desk and on a phone, and without the script."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, width in (("", 1200), ("phone-", 500)):
        size = f"--window-size={width},{height(browser, page, width)}"
        for theme_name, scheme in (("light", LIGHT), ("dark", DARK)):
            run(browser, theme(scheme), size, f"--screenshot={folder / (name + theme_name)}.png", page.as_uri())
    with tempfile.TemporaryDirectory() as copies:
        copy = pathlib.Path(copies) / "no-script.html"
        copy.write_text(re.sub(r"<script>.*?</script>", "", page.read_text(encoding="utf-8"), flags=re.S), encoding="utf-8")
        size = f"--window-size=1200,{height(browser, copy, 1200)}"
        run(browser, theme(LIGHT), size, f"--screenshot={folder / 'no-script'}.png", copy.as_uri())


def main():
    page = pathlib.Path(sys.argv[1]).resolve()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("skipped: no Chromium is installed, the page is not looked at")
        return 0
    text = page.read_text(encoding="utf-8")
    # A table of sets and methods takes most; walk-forward stands beside the trials.
    nodes = 20_000 if "fuzzysvm compare" in text else 7_000 if 'id="quarters"' in text else 6_000
    with tempfile.TemporaryDirectory() as folder:
        wrong = checked(browser, page, pathlib.Path(folder), nodes)
        # What must be found: a page that asks for something and throws.
        broken = pathlib.Path(folder) / "broken.html"
        broken.write_text(page.read_text(encoding="utf-8").replace("<h1>", '<img src="https://example.org/a.png" alt=""><h1>')
                          .replace("<script>", "<script>throw new Error('x');</script><script>"), encoding="utf-8")
        if not console(run(browser, "--dump-dom", broken.as_uri()).stderr):
            wrong.append("a page that asks for a picture and throws is not noticed")
    if len(sys.argv) > 2:
        pictures(browser, page, pathlib.Path(sys.argv[2]))
    print("\n".join(wrong) or f"{page.name}: light, dark, {', '.join(map(str, WIDTHS))} px, printed: well")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
