"use strict";
(() => {
  const root = document.documentElement;
  // Themes. A page from a file may have no storage.
  const kept = (value) => {
    try {
      if (value === undefined) return localStorage.getItem("theme") || "system";
      localStorage.setItem("theme", value);
    } catch { /* not kept */ }
    return value || "system";
  };
  const paint = (theme) => {
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  const select = document.getElementById("theme");
  select.parentElement.hidden = false;
  select.value = kept();
  paint(select.value);
  select.addEventListener("change", () => paint(kept(select.value)));

  // Tables sort by the number that a cell begins with, else by its text.
  const key = (row, column) => {
    const text = row.cells[column].textContent.trim();
    const number = parseFloat(text.replace(/\u2212/g, "-").replace(/[,+<\u202f]/g, ""));
    return Number.isNaN(number) ? text : number;
  };
  const compare = (a, b) => {
    if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
    return typeof a === "number" ? -1 : 1;
  };
  for (const table of document.querySelectorAll("table.sort")) {
    const body = table.tBodies[0];
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const falls = head.getAttribute("aria-sort") === "ascending";
        for (const other of head.parentElement.cells) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", falls ? "descending" : "ascending");
        // A published row stays below its own.
        const groups = [];
        for (const row of body.rows) {
          if (row.classList.contains("pub") && groups.length) groups.at(-1).push(row);
          else groups.push([row]);
        }
        const order = falls ? -1 : 1;
        groups.sort((a, b) => order * compare(key(a[0], head.cellIndex), key(b[0], head.cellIndex)));
        body.append(...groups.flat());
      });
    }
  }

  // What a mark is, beside it: titles alone are slow, and touch has none.
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  document.body.append(tip);
  document.addEventListener("pointerover", (event) => {
    const title = event.target.closest("figure svg *")?.querySelector(":scope > title");
    tip.hidden = !title;
    if (!title) return;
    tip.textContent = title.textContent;
    const box = event.target.getBoundingClientRect();
    tip.style.left = Math.max(4, Math.min(box.right + 6, innerWidth - tip.offsetWidth - 4)) + "px";
    tip.style.top = Math.max(4, box.top - tip.offsetHeight - 4) + "px";
  });
})();
