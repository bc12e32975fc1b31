// The card of an account: what to do, why, where it stands and what happened.

const LINES = ["A great product", "Delivered as promised", "Every touch caring", "Problems resolved"];
const LIGHTS = { good: "exceptional", mixed: "high", bad: "poor", unknown: "unknown" };

function card(one, told) {
  const said = [one.owner && `Owner: ${one.owner}`, one.contact && `Call: ${one.contact}`, one.tier && `Tier: ${plain(one.tier)}`];
  return [
    make("header", {},
      make("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => document.getElementById("card").close() }, "×"),
      make("h2", { id: "card-title" }, link(one.link, one.name || one.id)),
      make("p", { class: "soft" }, [one.id, ...said.filter(Boolean)].join(" · "))),
    make("div", { class: "chips" }, chip(one.band, `${percent(one.risk)} ${one.band}`),
      chip(one.quadrant), one.heading !== one.quadrant && one.heading !== "unknown" ? chip(one.heading, `heading for ${heading(one)}`) : null,
      chip(one.zone, `zone: ${one.zone}`), ...lights(one.lights)),
    make("div", { class: "do" },
      one.owed ? make("p", { class: "owed" }, one.owed) : null,
      make("p", {}, make("strong", {}, one.action), one.source ? make("small", {}, ` ${one.source}`) : null),
      one.speak ? make("p", {}, `How to speak (${one.style}): ${one.speak}`) : null,
      make("ul", {}, one.reasons.map((reason) => make("li", {}, reason)))),
    facts(one, told),
    exceptional(one.exceptional),
    make("div", { class: "charts" }, figure("Risk over past nights", risks(one.path)),
      figure("On the index", index(one.path)), figure("Signs of life by week", life(one.weeks))),
    make("div", { class: "pair" }, happened(one, told), answers(one)),
  ];
}

const heading = (one) => (one.heading === "defected" ? "leaving" : plain(one.heading));

const lights = (found) => found.map((light, place) =>
  make("span", { class: `light is-${LIGHTS[light]}`, title: `${LINES[place]}: ${light}` }, make("i"), LINES[place]));

function facts(one, told) {
  const rows = [
    ["Since last night", change(one.change_1d, "", one.why_1d)],
    ["In 30 days", change(one.change_30d, "", one.why_30d)],
    ["Would leave", one.silent === null ? null : one.silent ? "without a word" : "and say so"],
    ["Days left to act", one.left === null ? null : days(one.left)],
    ["Worth in a year", one.value === null ? null : whole(one.value)],
    ["To gain by contact", one.gain === null ? null : whole(one.gain)],
    ["Last contact", one.last && lastContact(one, told)],
    ["Next planned touch", one.touch === null ? null : `in ${days(one.touch)}`],
    ["Renewal", one.renewal === null ? null : `in ${days(one.renewal)}`],
    ["Done", one.done || null],
  ];
  return make("dl", { class: "facts" }, rows.filter(([, value]) => value)
    .map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

function exceptional(path) {
  if (!path) return null;
  const levers = path.levers.map((lever) =>
    make("li", {}, lever.sentence, make("small", {}, ` ${lever.more}`)));
  return make("div", {},
    make("h3", {}, `What would move them to exceptional: ${path.now} in ${path.days} days as it is`),
    levers.length ? make("ul", {}, levers) : make("p", { class: "soft" }, "Nothing that we can do is expected to move them there."));
}

function lastContact(one, told) {
  const [day, what, byUs, who, channel] = one.last;
  const by = byUs ? who || "us" : "them";
  return `${ago(day, told.as_of)}: ${what} by ${by}${channel ? `, ${channel}` : ""}`;
}

const figure = (title, drawn) =>
  drawn ? make("figure", {}, make("figcaption", {}, title), drawn) : null;

function happened(one, told) {
  const rows = (one.rows || []).map(([day, what, byUs, who, channel, value]) => make("tr", {},
    make("td", { class: "when", title: ago(day, told.as_of) }, dated(day)),
    make("td", { class: byUs ? "ours" : "theirs" }, what, value === null ? "" : ` ${whole(value)}`),
    make("td", { class: "soft" }, [byUs ? who || "us" : "they", channel].filter(Boolean).join(", "))));
  return table("What happened", rows);
}

function answers(one) {
  const rows = (one.answers || []).map(([day, item, score]) => make("tr", {},
    make("td", { class: "when" }, dated(day)), make("td", {}, item),
    make("td", { class: "soft" }, `${score} of 10`)));
  return table("What they answered", rows);
}

const table = (title, rows) => make("div", {}, make("h3", {}, title),
  rows.length ? make("table", { class: "events" }, make("tbody", {}, rows)) : make("p", { class: "soft" }, "Nothing on record."));
