"use strict";
// The way from a figure to its entries. All that it says is in the file; it asks nobody.
(() => {
  const { citation, head, figures, entries } = JSON.parse(document.getElementById("数").textContent);
  const panel = document.getElementById("追溯");
  const [LABEL, KIND, PRINTED, UNIT, EXACT, FORMULA, PARTS, ENTRIES, COUNTED, REST, BEFORE,
    LACKING] = [...Array(12).keys()];

  const make = (tag, said = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(said)) {
      if (name === "on") element.addEventListener("click", value);
      else if (name === "text") element.textContent = value;
      else element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child !== null));
    return element;
  };

  // Fen are whole numbers: they are never divided, only written.
  const yuan = (fen) => {
    const digits = String(Math.abs(fen)).padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${fen < 0 ? "-" : ""}${whole}.${digits.slice(-2)}`;
  };
  const exact = (figure, sign = 1) => {
    if (figure[EXACT] === null) return "无数";
    if (figure[KIND] === "amount") return `${yuan(sign * figure[EXACT])} 元`;
    const said = Array.isArray(figure[EXACT]) ? figure[EXACT].join("、") : String(figure[EXACT]);
    return figure[UNIT] ? `${said} ${figure[UNIT]}` : said;
  };
  const much = (figure, number) => (figure[KIND] === "amount" ? yuan(number) : String(number));
  const summed = (figure) => figure[KIND] === "amount" || figure[KIND] === "count";

  // Where a figure stands on the page, and which figures it is a part of.
  const places = new Map();
  for (const element of document.querySelectorAll("[data-cell]")) {
    const id = element.dataset.cell;
    if (!places.has(id)) places.set(id, []);
    places.get(id).push(element);
    element.setAttribute("aria-haspopup", "dialog");
  }
  const above = new Map();
  for (const [id, figure] of Object.entries(figures)) {
    for (const [, part] of figure[PARTS]) {
      if (!above.has(part)) above.set(part, new Set());
      above.get(part).add(id);
    }
  }

  const sectionOf = (element) => {
    for (let at = element.closest("section"); at; at = at.parentElement.closest("section")) {
      const heading = document.getElementById(at.getAttribute("aria-labelledby"));
      if (heading) return heading.textContent;
    }
    return "";
  };

  const entryTable = (figure) => {
    const rows = figure[ENTRIES].map(([key, number]) => {
      const [book, entry, kind, day, doc, payee, purpose] = entries[key];
      const whose = book === citation ? `第 ${entry} 笔` : `${book} 第 ${entry} 笔`;
      const more = [doc, payee, purpose].filter(Boolean).join(" · ");
      return make("tr", {},
        make("td", { text: whose }), make("td", { text: day }),
        make("td", {}, kind, more ? make("small", { text: ` ${more}` }) : null),
        make("td", { text: summed(figure) ? much(figure, number) : "" }));
    });
    const hidden = figure[COUNTED] - figure[ENTRIES].length;
    if (hidden > 0) {
      rows.push(make("tr", {}, make("td", { colspan: "3", text: `另有 ${hidden} 笔` }),
        make("td", { text: summed(figure) ? much(figure, figure[REST]) : "" })));
    }
    return make("table", { class: "entries" }, make("tbody", {}, ...rows));
  };

  const branch = (id, sign, open) => {
    const figure = figures[id];
    const mark = sign < 0 ? "－" : "";
    const row = make("span", { class: "row" },
      make("span", {}, `${mark}${figure[LABEL]} `, make("small", { text: id })),
      make("span", { class: "much", text: exact(figure, sign) }));
    if (!figure[PARTS].length && !figure[COUNTED]) return make("li", {}, row);
    const details = make("details", {}, make("summary", {}, row));
    const fill = () => {
      if (details.childElementCount > 1) return;
      details.append(below(id));
    };
    details.addEventListener("toggle", fill);
    if (open) { details.open = true; fill(); }
    return make("li", {}, details);
  };

  const below = (id) => {
    const figure = figures[id];
    const box = make("div", {});
    if (figure[PARTS].length) {
      // Of a long sum, what is nothing is told in a line.
      const something = figure[PARTS].filter(([, part]) => figures[part][EXACT] || figures[part][COUNTED]);
      const nothing = figure[PARTS].length - something.length;
      const list = make("ul", { class: "tree" },
        ...something.map(([sign, part]) => branch(part, sign, false)));
      if (nothing) list.append(make("li", {}, make("small", { text: `其余 ${nothing} 项为零` })));
      box.append(list);
    }
    if (figure[COUNTED]) box.append(entryTable(figure));
    return box;
  };

  const adds = (figure) => {
    if (!summed(figure) || figure[EXACT] === null) return null;
    const parts = figure[PARTS].reduce((sum, [sign, part]) => sum + sign * (figures[part][EXACT] ?? 0), 0);
    const own = figure[ENTRIES].reduce((sum, [, number]) => sum + number, 0) + figure[REST];
    if (!figure[PARTS].length && !figure[COUNTED]) return null;
    const right = parts + own === figure[EXACT];
    return make("p", { class: "adds", "data-adds": String(right),
      text: right ? `合计 ${exact(figure)}，相符 ✓` : `合计 ${much(figure, parts + own)}，不符` });
  };

  let from = null;
  const trail = [];

  const cite = (id, button) => {
    const text = `${citation} · ${id} · ${figures[id][PRINTED] || "0.00"}${figures[id][KIND] === "amount" ? ` ${figures[id][UNIT]}` : ""}（${exact(figures[id])}） · ${head}`;
    const done = () => { button.textContent = "已复制"; };
    const byHand = () => {
      const field = make("textarea", { "aria-label": "引用" });
      field.value = text;
      panel.append(field);
      field.select();
      if (document.execCommand("copy")) { field.remove(); done(); button.focus(); }
    };
    if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(done, byHand);
    else byHand();
  };

  const standing = (id) => {
    const list = make("ul", { class: "places" });
    const seen = new Set();
    for (const element of places.get(id) ?? []) {
      const named = sectionOf(element);
      if (seen.has(named)) continue;
      seen.add(named);
      list.append(make("li", {}, make("button", { type: "button", class: "link", text: named,
        on: () => { element.scrollIntoView({ block: "center" }); element.focus({ preventScroll: true }); } })));
    }
    for (const whole of above.get(id) ?? []) {
      if (whole.includes("@")) continue;
      list.append(make("li", {}, make("button", { type: "button", class: "link",
        text: `${figures[whole][LABEL]}（${whole}）`, on: () => show(whole) })));
    }
    return list.childElementCount ? [make("h3", { text: "还在哪里" }), list] : [];
  };

  const show = (id, back = false) => {
    const figure = figures[id];
    if (!figure) return;
    if (!back && !panel.hidden && panel.dataset.shown && panel.dataset.shown !== id) trail.push(panel.dataset.shown);
    const facts = make("dl", {},
      make("dt", { text: "编号" }), make("dd", {}, make("code", { text: id })),
      make("dt", { text: "印为" }),
      make("dd", { text: `${figure[PRINTED] || "（空）"}${figure[PRINTED] && figure[KIND] === "amount" ? ` ${figure[UNIT]}` : ""}` }),
      make("dt", { text: "取数" }), make("dd", { text: figure[FORMULA] || "—" }));
    if (figure[BEFORE]) {
      facts.append(make("dt", { text: "上年" }), make("dd", {},
        make("button", { type: "button", class: "link", text: exact(figures[figure[BEFORE]]), on: () => show(figure[BEFORE]) })));
    }
    for (const message of figure[LACKING]) {
      facts.append(make("dt", { text: "还缺" }), make("dd", { text: message }));
    }
    const copy = make("button", { type: "button", text: "复制引用" });
    copy.addEventListener("click", () => cite(id, copy));
    const close = make("button", { type: "button", text: "关闭", on: hide });
    const previous = trail.length
      ? make("button", { type: "button", text: "返回", on: () => show(trail.pop(), true) }) : null;
    panel.replaceChildren(
      make("div", { class: "bar" }, make("span", {}, copy, " ", previous ?? ""), close),
      make("h2", { id: "追溯-名称", text: figure[LABEL] }),
      make("p", { class: "exact", text: exact(figure) }),
      facts,
      ...(figure[PARTS].length || figure[COUNTED] ? [make("h3", { text: "由这些构成" }), below(id)] : []),
      adds(figure) ?? "",
      ...standing(id));
    panel.hidden = false;
    panel.dataset.shown = id;
    history.replaceState(null, "", `#=${encodeURIComponent(id)}`);
    panel.scrollTop = 0;
    for (const element of document.querySelectorAll('[aria-expanded="true"]')) element.removeAttribute("aria-expanded");
    for (const element of places.get(id) ?? []) element.setAttribute("aria-expanded", "true");
    panel.focus();
  };

  const hide = () => {
    if (panel.hidden) return;
    panel.hidden = true;
    trail.length = 0;
    history.replaceState(null, "", location.pathname + location.search);
    for (const element of document.querySelectorAll('[aria-expanded="true"]')) element.removeAttribute("aria-expanded");
    if (from) from.focus();
  };

  document.addEventListener("click", (event) => {
    const element = event.target.closest("[data-cell]");
    if (element) { event.preventDefault(); from = element; trail.length = 0; show(element.dataset.cell); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { hide(); found.hidden = true; return; }
    const element = document.activeElement.closest?.("table [data-cell]");
    if (element && event.key.startsWith("Arrow")) walk(element, event);
  });

  // In a table the arrows walk; the tabulator passes it with one step.
  for (const table of document.querySelectorAll(".sheet table")) {
    [...table.querySelectorAll("[data-cell]")].forEach((element, at) => { element.tabIndex = at ? -1 : 0; });
  }
  const walk = (element, event) => {
    const cell = element.closest("td");
    const row = cell.parentElement;
    const rows = [...row.closest("table").rows];
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    const right = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    let [at, column] = [rows.indexOf(row), cell.cellIndex];
    for (;;) {
      at += down;
      column += right;
      const next = rows[at]?.cells[column];
      if (!next) return;
      const there = next.querySelector("[data-cell]");
      if (there) {
        event.preventDefault();
        element.tabIndex = -1;
        there.tabIndex = 0;
        there.focus();
        return;
      }
    }
  };

  // Search: labels, ids, what is printed; then the headings.
  const input = document.getElementById("查找");
  const found = document.getElementById("找到");
  const index = [...places.keys()].filter((id) => figures[id]).map((id) => {
    const figure = figures[id];
    const row = places.get(id)[0].closest("tr")?.textContent ?? "";
    return [id, `${id} ${figure[LABEL]} ${figure[PRINTED]} ${figure[PRINTED].replaceAll(",", "")} ${row}`.toLowerCase()];
  });
  input.addEventListener("input", () => {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    found.replaceChildren();
    found.hidden = !words.length;
    if (!words.length) return;
    const hits = index.filter(([, text]) => words.every((word) => text.includes(word)));
    for (const [id] of hits.slice(0, 30)) {
      const figure = figures[id];
      found.append(make("li", {}, make("button", { type: "button", on: () => {
        const element = places.get(id)[0];
        element.scrollIntoView({ block: "center" });
        from = element;
        show(id);
      } }, `${figure[LABEL]}　${figure[PRINTED] || "—"}`, make("small", { text: `${id} · ${sectionOf(places.get(id)[0])}` }))));
    }
    if (!hits.length) found.append(make("li", {}, make("p", { text: "没有找到" })));
    else if (hits.length > 30) found.append(make("li", {}, make("p", { text: `另有 ${hits.length - 30} 个，请多写几个字` })));
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") found.querySelector("button")?.click();
  });

  // A citation can be a link: report.html#=T1.30 opens that figure.
  const asked = () => {
    const id = decodeURIComponent(location.hash).replace(/^#=/, "");
    if (location.hash.startsWith("#=") && figures[id]) { places.get(id)?.[0]?.scrollIntoView({ block: "center" }); show(id); }
  };
  window.addEventListener("hashchange", asked);
  if (window.matchMedia("(max-width: 62rem)").matches) document.querySelector("nav details").open = false;
  asked();
})();
