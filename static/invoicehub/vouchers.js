// Vouchers: lines that come and go, sums while typing, and what is chosen in the list. Amounts are counted in cents.
"use strict";

(() => {
  // Amount text to cents as BigInt; null when it is no amount.
  function cents(text) {
    const plain = text.replace(/[,\s¥￥]/g, "");
    if (plain === "") return 0n;
    const match = /^(-?)(\d*)(?:\.(\d{0,2}))?$/.exec(plain);
    if (!match || plain === "-" || plain === ".") return null;
    const value = BigInt((match[2] || "0") + (match[3] || "").padEnd(2, "0"));
    return match[1] ? -value : value;
  }

  function shown(value) {
    const digits = (value < 0n ? -value : value).toString().padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${value < 0n ? "-" : ""}${whole}.${digits.slice(-2)}`;
  }

  const form = document.querySelector("form[data-voucher]");
  const alive = (row) => !row.querySelector("input[name$='-DELETE']")?.checked;

  function total(side) {
    let sum = 0n;
    for (const input of form.querySelectorAll(`[data-row] input[data-side="${side}"]`)) {
      const value = alive(input.closest("[data-row]")) ? cents(input.value) : 0n;
      input.classList.toggle("is-invalid", value === null);
      sum += value ?? 0n;
    }
    return sum;
  }

  function recount() {
    const debit = total("debit"),
      credit = total("credit"),
      summary = form.querySelector("[data-difference]");
    form.querySelector('[data-total="debit"]').textContent = shown(debit);
    form.querySelector('[data-total="credit"]').textContent = shown(credit);
    const difference = debit - credit;
    const words = difference === 0n ? "balanced" : difference > 0n ? "debitMore" : "creditMore";
    // Of a voucher without figures there is nothing to say yet.
    summary.textContent =
      debit || credit ? summary.dataset[words].replace("{n}", shown(difference < 0n ? -difference : difference)) : "";
    summary.classList.toggle("text-danger", difference !== 0n);
    summary.classList.toggle("text-success", difference === 0n);
  }

  function add(box) {
    const count = box.querySelector("input[name$='-TOTAL_FORMS']");
    const index = Number(count.value);
    const holder = document.createElement("tbody");
    holder.innerHTML = box.querySelector("template[data-blank]").innerHTML.replaceAll("__prefix__", index);
    const row = holder.firstElementChild;
    box.querySelector("[data-rows]").append(row);
    count.value = index + 1;
    renumber(box);
    row.querySelector("input:not([type=hidden])").focus();
  }

  function renumber(box) {
    let number = 0;
    for (const row of box.querySelectorAll("[data-row]")) {
      row.hidden = !alive(row);
      if (!row.hidden) row.querySelector("[data-number]").textContent = ++number;
    }
  }

  // "=" in an empty amount cell fills in what is missing for the balance.
  function balance(input) {
    const others = input.dataset.side === "debit" ? total("credit") - total("debit") : total("debit") - total("credit");
    input.value = shown(others + (cents(input.value) ?? 0n)).replaceAll(",", "");
    recount();
  }

  if (form) {
    form.addEventListener("input", recount);
    form.addEventListener("change", (event) => {
      if (!event.target.name?.endsWith("-DELETE")) return;
      renumber(event.target.closest("[data-lines]"));
      recount();
    });
    form.addEventListener("click", (event) => {
      if (event.target.closest("[data-add]")) add(event.target.closest("[data-lines]"));
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "=" && event.target.dataset.side) {
        event.preventDefault();
        balance(event.target);
      }
      // Enter goes on to the next cell; a voucher is never sent by accident.
      if (event.key === "Enter" && event.target.matches("[data-row] input") && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        const cells = [
          ...form.querySelectorAll("[data-row]:not([hidden]) input:not([type=hidden], [name$='-DELETE'])"),
        ];
        cells
          .filter((cell) => cell.offsetParent)
          [cells.filter((cell) => cell.offsetParent).indexOf(event.target) + 1]?.focus();
      }
    });
    document.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      if (event.key.toLowerCase() === "s") {
        event.preventDefault();
        form.querySelector("[data-save]").click();
      } else if (event.key === "Enter") {
        event.preventDefault();
        add(form.querySelector('[data-lines="entries"]'));
      }
    });
    form.querySelectorAll("[data-lines]").forEach(renumber);
    recount();
  }

  // The list: what is chosen, and what can be done with it.
  document.addEventListener("change", (event) => {
    const all = event.target.dataset.checkAll;
    if (all) for (const box of document.querySelectorAll(`input[name="${all}"]`)) box.checked = event.target.checked;
  });
  const bar = document.querySelector("[data-chosen-bar]");
  function chosen() {
    const count = document.querySelectorAll('input[name="voucher"]:checked').length;
    bar.hidden = count === 0;
    bar.querySelector("[data-chosen-count]").textContent = count;
  }
  if (bar) {
    document.addEventListener("change", (event) => {
      if (event.target.matches('input[name="voucher"], [data-check-all]')) chosen();
    });
    chosen();
  }
})();
