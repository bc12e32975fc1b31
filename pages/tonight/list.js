// The list: views, filters, sorting, and rows drawn in steps, so that a long page opens at once.

const told = JSON.parse(document.getElementById("data").textContent);
const filters = document.getElementById("filters");
const dialog = document.getElementById("card");
const accounts = told.accounts.map((one, place) => ({ ...one, rank: place + 1 }));
const byId = new Map(accounts.map((one) => [one.id, one]));
const STEP = 100;
let view = "list";
let drawing = 0;

const FILTERED = ["owner", "band", "quadrant", "zone", "action_code"];
const SORTS = {
  rank: ["most at stake", (one) => one.rank],
  risk: ["highest risk", (one) => -(one.risk ?? -1)],
  value: ["largest value", (one) => -(one.value ?? -1)],
  left: ["fewest days left", (one) => one.left ?? Infinity],
  change_1d: ["worse since last night", (one) => -(one.change_1d ?? -2)],
  change_30d: ["worse in 30 days", (one) => -(one.change_30d ?? -2)],
  last: ["longest without contact", (one) => (one.last ? one.last[0] : "")],
  name: ["name", (one) => (one.name || one.id).toLowerCase()],
};

function choices(name) {
  const words = name === "action_code" ? (one) => one.action : (one) => plain(one[name] || "none");
  const found = new Map(accounts.map((one) => [one[name] || "", words(one)]));
  const sorted = [...found].sort((a, b) => a[1].localeCompare(b[1]));
  return [make("option", { value: "*" }, "all"), ...sorted.map(([value, text]) => make("option", { value }, text))];
}

function chosen() {
  const find = filters.find.value.trim().toLowerCase();
  const part = view === "list" ? accounts.slice(0, told.listed) : accounts.slice(told.listed);
  const fits = (one) =>
    FILTERED.every((name) => filters[name].value === "*" || filters[name].value === (one[name] || "")) &&
    (!find || [one.id, one.name, one.owner, one.contact, one.owed, ...one.reasons].join(" ").toLowerCase().includes(find));
  const key = SORTS[filters.sort.value][1];
  const order = (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.rank - b.rank);
  return part.filter(fits).sort(order);
}

function row(one) {
  const opens = () => { location.hash = `#${encodeURIComponent(one.id)}`; };
  return make("article", { class: `line is-${one.band}`, "data-id": one.id },
    make("div", { class: "rank" }, String(one.rank)),
    make("div", { class: "who" },
      make("button", { type: "button", class: "name", onclick: opens }, one.name || one.id),
      make("small", {}, [one.name && one.id, one.owner, one.tier && one.tier !== "other" ? plain(one.tier) : null].filter(Boolean).join(" · "))),
    make("div", { class: "risk" },
      make("div", {}, make("b", { class: "big" }, percent(one.risk)), " ", chip(one.band)),
      make("small", {}, change(one.change_1d, "last night", one.why_1d), make("br"), change(one.change_30d, "in 30 days", one.why_30d))),
    make("div", { class: "where" }, chip(one.quadrant),
      one.heading !== one.quadrant && one.heading !== "unknown" ? make("small", {}, `→ ${heading(one)}`) : null,
      make("small", {}, `zone: ${one.zone}`)),
    make("div", { class: "why" },
      one.owed ? make("p", { class: "owed" }, one.owed) : null,
      make("p", { class: "action" }, one.action),
      one.done ? make("small", {}, one.done) : null,
      make("ul", {}, one.reasons.slice(0, 2).map((reason) => make("li", {}, reason)))),
    make("div", { class: "stake" },
      make("b", { class: "big" }, one.value === null ? "–" : whole(one.value)),
      make("small", {}, one.gain === null ? null : `gain ${whole(one.gain)}`),
      make("small", {}, one.left === null ? null : `${days(one.left)} left`),
      make("small", {}, one.renewal === null ? null : `renews in ${days(one.renewal)}`),
      make("small", {}, one.last ? `last ${one.last[1]} ${ago(one.last[0], told.as_of)}` : "never in contact")));
}

// Rows are drawn some at a time; what is asked for meanwhile takes their place.
function drawn(rows, place, onto) {
  const mine = ++drawing;
  let from = 0;
  const step = () => {
    if (mine !== drawing) return;
    onto.append(...rows.slice(from, from + STEP).map(place));
    from += STEP;
    if (from < rows.length) setTimeout(step);
    else document.body.dataset.drawn = String(rows.length);
  };
  delete document.body.dataset.drawn;
  step();
}

const HEADS = ["", "Account", "Risk", "Quadrant, zone", "What to do, and why", "Worth a year, gain"];

function showAccounts() {
  const rows = chosen();
  const heads = make("div", { class: "line heads", "aria-hidden": "true" }, HEADS.map((head) => make("div", {}, head)));
  const onto = make("div", { class: "lines" }, heads);
  document.getElementById("rows").replaceChildren(onto);
  said(`${whole(rows.length)} of ${whole(view === "list" ? told.listed : accounts.length - told.listed)} accounts`);
  drawn(rows, row, onto);
}

function showMovers() {
  const parts = [1, 30].flatMap((back) => ["worse", "better", "aside"].map((way) => {
    const rows = told.movers.filter((mover) => mover.days_back === back && mover.way === way);
    const title = `${way === "aside" ? "Between the carried quadrants" : `To the ${way}`} ${back === 1 ? "since last night" : "in 30 days"}`;
    return rows.length ? moved(`${title}: ${rows.length}`, rows) : null;
  }));
  document.getElementById("rows").replaceChildren(...parts.filter(Boolean));
  said(told.movers.length ? "Who crossed a band of risk or changed quadrant, in the whole book." : "Nobody crossed a line.");
}

function moved(title, rows) {
  return make("section", { class: "moved" }, make("h2", {}, title), make("table", { class: "events moves" }, make("tbody", {},
    rows.map((mover) => make("tr", {}, make("td", {}, known(mover), make("small", {}, ` ${mover.owner || ""}`)),
      make("td", {}, chip(mover.before), " → ", chip(mover.now)),
      make("td", {}, change(mover.points, "", (byId.get(mover.account_id) || {})[`why_${mover.days_back}d`])))))));
}

function showBack() {
  const rows = told.win_back.map((one) => make("tr", {},
    make("td", {}, known(one), make("small", {}, ` ${one.owner || ""}`)),
    make("td", {}, `left ${dated(one.left)}`, make("small", {}, ` ${one.silent === null ? "" : one.silent ? "silently" : "and said so"}`)),
    make("td", {}, one.reason ? one.reason.replaceAll("_", " ") : "reason unknown"),
    make("td", { class: "number" }, one.value === null ? "–" : whole(one.value)),
    make("td", {}, one.fits), make("td", {}, one.when === told.as_of ? "now" : `from ${dated(one.when)}`)));
  const heads = ["Account", "Left", "Why", "Worth a year", "What fits", "When"].map((head) => make("th", { scope: "col" }, head));
  const shown = rows.length ? make("div", { class: "scroll" }, make("table", { class: "events back" },
    make("thead", {}, make("tr", {}, heads)), make("tbody", {}, rows))) : "";
  document.getElementById("rows").replaceChildren(shown);
  said(rows.length ? `${rows.length} accounts left in the last year and may come back.` : "Nobody is known to have left in the last year.");
}

function known(one) {
  const name = one.name || one.account_id;
  if (!byId.has(one.account_id)) return link(one.link, name);
  return make("a", { href: `#${encodeURIComponent(one.account_id)}` }, name);
}

const said = (text) => { document.getElementById("count").textContent = text; };

function show() {
  document.querySelectorAll("[data-view]").forEach((tab) => tab.setAttribute("aria-pressed", String(tab.dataset.view === view)));
  drawing += 1;
  const rows = view === "list" || view === "rest";
  filters.parentElement.hidden = !rows;
  rows ? showAccounts() : view === "movers" ? showMovers() : showBack();
}

function open() {
  const one = byId.get(decodeURIComponent(location.hash.slice(1)));
  if (!one) return dialog.close();
  dialog.replaceChildren(...card(one, told).filter(Boolean));
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

FILTERED.forEach((name) => filters[name].append(...choices(name)));
filters.sort.append(...Object.entries(SORTS).map(([value, [text]]) => make("option", { value }, text)));
filters.addEventListener("input", show);
filters.addEventListener("submit", (event) => event.preventDefault());
filters.addEventListener("reset", () => setTimeout(show));
document.querySelectorAll("[data-view]").forEach((tab) => tab.addEventListener("click", () => { view = tab.dataset.view; show(); }));
dialog.addEventListener("close", () => history.replaceState(null, "", location.pathname + location.search));
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
window.addEventListener("hashchange", open);
show();
if (location.hash) open();
document.getElementById("filtering").open = matchMedia("(min-width: 34rem)").matches;
