// Keys, row links, questions before something is done, and charts. Everything else is plain HTML and htmx.
"use strict";

(() => {
  const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

  // Rows of a list: j and k move, Enter opens, a click anywhere in the row opens too.
  const rows = () => [...document.querySelectorAll("tr[data-href]")];
  document.querySelector("table[data-begin] tr[data-href]")?.classList.add("current");

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.classList.contains("current"));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    for (const row of all) row.classList.toggle("current", row === next);
    next.scrollIntoView({ block: "nearest" });
  }

  const keys = {
    "/": () => document.querySelector("[data-search]")?.select(),
    j: () => move(1),
    k: () => move(-1),
    Enter: () => document.querySelector("tr.current[data-href] a")?.click(),
    n: () => document.querySelector("[data-next]")?.click(),
    p: () => document.querySelector("[data-previous]")?.click(),
    "?": () => document.getElementById("keys")?.showModal(),
  };

  // A page may give a key of its own to a button or link (data-key): that of the current row first, then the page's.
  const keyed = (key) =>
    document.querySelector(`tr.current [data-key="${CSS.escape(key)}"]`) ||
    [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((element) => !element.closest("tr"));

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("[data-search]")) return event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "Enter" && event.target.matches("a, button, summary")) return;
    if (document.querySelector("dialog[open]")) return;
    const own = keyed(event.key);
    if (!own && !(event.key in keys)) return;
    event.preventDefault();
    if (own) own.matches("input, textarea, select") ? own.focus() : own.click();
    else keys[event.key]();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) return keys["?"]();
    if (event.target.closest("[data-close]")) return event.target.closest("dialog").close();
    const row = event.target.closest("tr[data-href]");
    if (!row || event.target.closest("a, button, input, label, summary") || getSelection().toString()) return;
    const link = row.querySelector("a");
    if (event.ctrlKey || event.metaKey) window.open(link.href);
    else link.click();
  });

  function disable(buttons, disabled) {
    for (const button of buttons) button.disabled = disabled;
  }
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (question && !window.confirm(question)) return event.preventDefault();
    // A second click must not send it twice.
    setTimeout(() => disable(event.target.querySelectorAll("button[type=submit]"), true));
  });
  // A page restored from the browser's history keeps its disabled buttons; enable them again.
  window.addEventListener("pageshow", () => {
    disable(document.querySelectorAll("button[type=submit]:disabled"), false);
  });
  // A form that is unfolded gets the focus in its first field.
  document.addEventListener("shown.bs.collapse", (event) => {
    if (event.target.matches("form")) event.target.querySelector("input:not([type=hidden])")?.focus();
  });
  // One box ticks all those of its list.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-tick-list]")) return;
    const list = event.target.closest(".list-group");
    for (const box of list.querySelectorAll("input[type=checkbox]")) box.checked = event.target.checked;
  });
  // How many boxes are ticked, and what their amounts add up to, counted in cents.
  function tally() {
    const tallied = document.querySelector("[data-tally]");
    if (!tallied) return;
    const ticked = [...document.querySelectorAll("input[data-yuan]:checked")];
    const cents = ticked.reduce((sum, box) => sum + BigInt(box.dataset.yuan.replace(".", "")), 0n);
    const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
    const whole = BigInt(digits.slice(0, -2)).toLocaleString("en");
    tallied.hidden = !ticked.length;
    tallied.querySelector("[data-count]").textContent = ticked.length;
    for (const why of document.querySelectorAll("[data-why]"))
      why.hidden = !ticked.some((box) => "case" in box.dataset);
    tallied.querySelector("[data-sum]").textContent = `${cents < 0n ? "-" : ""}${whole}.${digits.slice(-2)}`;
  }
  document.addEventListener("change", (event) => event.target.matches("input[data-yuan]") && tally());
  window.addEventListener("pageshow", tally);
  // An empty field in a filter form would only clutter the address.
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });

  // Charts: a canvas names the JSON element that holds its Chart.js configuration.
  function draw(root) {
    for (const canvas of root.querySelectorAll("canvas[data-chart]")) {
      const chart = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
      const colours = ["#066fd1", "#74b816", "#f59f00", "#ae3ec9", "#d63939", "#0ca678"];
      chart.data.datasets.forEach((set, i) => {
        set.backgroundColor = colours[i % colours.length];
        set.maxBarThickness = 28;
      });
      const style = getComputedStyle(document.body);
      Chart.defaults.font.family = style.fontFamily;
      Chart.defaults.color = style.color;
      new Chart(canvas, {
        ...chart,
        options: {
          maintainAspectRatio: false,
          animation: false,
          plugins: { legend: { display: chart.data.datasets.length > 1, position: "bottom" } },
          scales: { x: { stacked: true, grid: { display: false } }, y: { stacked: true, ticks: { precision: 0 } } },
          ...chart.options,
        },
      });
    }
  }
  document.addEventListener("htmx:afterSwap", (event) => draw(event.target));
})();
