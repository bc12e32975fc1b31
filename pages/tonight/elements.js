"use strict";
// Elements made of texts: nothing of the data is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

function make(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function draw(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== ""));
  return element;
}

// A link opens only where it leads to the web; another is shown as a text.
function link(address, text) {
  if (!/^https?:\/\//i.test(address || "")) return text;
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);
}

const plain = (name) => name.replaceAll("_", "-");
const percent = (share) => (share === null ? "–" : `${Math.round(share * 100)}%`);
const whole = (number) => Math.round(number).toLocaleString("en");
const days = (count) => (Math.round(count) === 1 ? "1 day" : `${whole(count)} days`);

function dated(day) {
  const parts = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  return new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", parts);
}

function ago(day, asOf) {
  const gone = Math.round((Date.parse(asOf) - Date.parse(day)) / 86400000);
  return gone < 1 ? "today" : `${days(gone)} ago`;
}

const chip = (state, text = plain(state)) => make("span", { class: `chip is-${state}` }, text);

// How a risk changed, in points, with what moved it.
function change(points, since, why = []) {
  if (points === null) return make("span", { class: "soft" }, `new ${since}`);
  const moved = Math.round(points * 100);
  if (!moved) return make("span", { class: "soft" }, `steady ${since}`.trim());
  const way = moved > 0 ? "worse" : "better";
  const unit = Math.abs(moved) === 1 ? "point" : "points";
  const said = `${moved > 0 ? "▲" : "▼"} ${Math.abs(moved)} ${since || unit}`;
  const by = why.length ? make("span", { class: "soft" }, `${moved > 0 ? ": " : ", eased: "}${why.join("; ")}`) : null;
  return make("span", {}, make("b", { class: way }, said), by);
}
