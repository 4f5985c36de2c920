/* The search field: shows the pages of one language that answer what is typed. Nothing of it leaves the browser; the index
   is fetched when the field is first used. */

const MOST = 8;
const EXCERPT = 22;
/* Who listens hears the number of hits when the typing pauses, not after every letter. */
const PAUSE = 400;

const box = document.querySelector(".search");
const field = box.querySelector("input");
const answer = box.querySelector(".search__answer");
const status = box.querySelector("[role=status]");
const list = answer.appendChild(document.createElement("ol"));
let loading;
let search;
let announcing;

async function load() {
  const [finding, fetched] = await Promise.all([import("./finding.js"), fetch(box.dataset.index)]);
  const index = finding.prepare(await fetched.json());
  search = (query) => finding.find(index, query);
}

/* Some twenty words of the section, from the start of the sentence that holds the first word searched for. */
function excerpt(hit) {
  const parts = hit.section.text.split(" ");
  const at = Math.max(0, parts.findIndex(hit.holds));
  const sentence = 1 + parts.slice(0, at).findLastIndex((part) => /[.!?:]$/.test(part));
  const from = at - sentence < EXCERPT / 2 ? sentence : at - 5;
  const piece = parts.slice(from, from + EXCERPT).join(" ");
  return (from ? "… " : "") + piece + (from + EXCERPT < parts.length ? " …" : "");
}

function row(hit) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const { page, section } = hit;
  link.href = page.url + (section.anchor && "#" + section.anchor);
  link.textContent = section.title ? page.title + " – " + section.title : page.title;
  const text = document.createElement("p");
  text.textContent = excerpt(hit);
  if (page.lang) item.lang = page.lang;
  item.append(link, text);
  return item;
}

function number(hits) {
  if (!hits) return box.dataset.none;
  if (hits === 1) return box.dataset.one;
  return hits > MOST ? box.dataset.best.replace("#", MOST) : box.dataset.many.replace("#", hits);
}

function say(text) {
  clearTimeout(announcing);
  announcing = setTimeout(() => { status.textContent = text; }, PAUSE);
}

function show() {
  const query = field.value.trim();
  const isAsking = Boolean(search) && query.length > 1;
  const hits = isAsking ? search(query) : [];
  list.replaceChildren(...hits.slice(0, MOST).map(row));
  say(isAsking ? number(hits.length) : "");
  box.classList.toggle("search--open", isAsking);
}

function fail() {
  loading = undefined;
  say(box.dataset.failed);
  box.classList.add("search--open");
}

function start() {
  loading ||= load().then(show, fail);
}

function close() {
  box.classList.remove("search--open");
}

/* From the field down through the hits and up again; Enter in the field goes to the first. */
function move(event) {
  const stops = [field, ...list.querySelectorAll("a")];
  const at = stops.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: at === 0 ? 1 : 0 }[event.key];
  const next = step && box.classList.contains("search--open") && stops[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

field.addEventListener("focus", () => { start(); if (search) show(); });
field.addEventListener("input", () => { start(); show(); });
box.addEventListener("keydown", move);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !box.classList.contains("search--open")) return;
  event.preventDefault();
  field.focus();
  close();
});
document.addEventListener("click", (event) => { if (!box.contains(event.target)) close(); });
box.addEventListener("focusout", (event) => { if (event.relatedTarget && !box.contains(event.relatedTarget)) close(); });
box.hidden = false;
