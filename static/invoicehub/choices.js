// Inputs that are filled from a list on the server (data-choices): the browser's own list of suggestions, by keyboard
// as by mouse, fetched anew while typing. The account of an entry decides which of its dimensions are shown.
"use strict";

(() => {
  const delay = 150; // milliseconds after the last key
  const required = new Map(); // account → the dimensions that it requires, as far as accounts were fetched
  const timers = new WeakMap();
  const asked = new WeakMap(); // input → the last text that was asked for
  let lists = 0;

  function listOf(input) {
    if (!input.list) {
      const list = document.createElement("datalist");
      list.id = `choices-${++lists}`;
      input.after(list);
      input.setAttribute("list", list.id);
    }
    return input.list;
  }

  async function fill(input) {
    const text = input.value.trim();
    if (asked.get(input) === text) return;
    asked.set(input, text);
    const address = new URL(input.dataset.choices, location.href);
    address.searchParams.set("q", text);
    const reply = await fetch(address, { headers: { Accept: "application/json" } });
    if (!reply.ok || asked.get(input) !== text) return; // a newer text is on its way
    const { choices } = await reply.json();
    for (const choice of choices) if (choice.dimensions) required.set(choice.value, choice.dimensions);
    listOf(input).replaceChildren(...choices.map((choice) => new Option("", choice.value)));
    show(input.closest("[data-row]"));
  }

  // A dimension is in sight when the account requires it, when it has a value, or when all were asked for.
  function show(row) {
    const box = row?.querySelector("[data-dimensions]");
    if (!box) return;
    const account = required.get(row.querySelector("input[name$='-account']").value.trim());
    let hidden = 0;
    for (const label of box.querySelectorAll("[data-dimension]")) {
      if (account) label.toggleAttribute("data-required", account.includes(label.dataset.dimension));
      const input = label.querySelector("input");
      input.required = label.hasAttribute("data-required");
      label.hidden = !(input.required || input.value || "all" in box.dataset);
      hidden += label.hidden;
    }
    box.querySelector("[data-all-dimensions]").hidden = !hidden;
  }

  for (const kind of ["input", "focusin"])
    document.addEventListener(kind, (event) => {
      const input = event.target;
      if (!input.matches?.("input[data-choices]")) return;
      listOf(input);
      show(input.closest("[data-row]"));
      clearTimeout(timers.get(input));
      timers.set(
        input,
        setTimeout(() => fill(input), kind === "input" ? delay : 0),
      );
    });
  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-all-dimensions]")?.closest("[data-dimensions]");
    if (!box) return;
    box.dataset.all = "";
    show(box.closest("[data-row]"));
    box.querySelector("input:placeholder-shown")?.focus();
  });
  const rows = (root) => root.querySelectorAll("[data-row]").forEach(show);
  rows(document);
  // A row that is added comes with all its dimensions; none is required before it has an account.
  const body = document.querySelector('[data-lines="entries"] [data-rows]');
  if (body) new MutationObserver(() => rows(body)).observe(body, { childList: true });
})();
