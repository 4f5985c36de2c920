/* Stores files the moment they are chosen, dropped or photographed, one after the other, and shows how far it has come. The
   page does the same without this script, with a button. Each file is sent as that button would send it, and the page that
   comes back says what is stored: nothing is known here that the server has not said. */

const form = document.querySelector(".upload").closest("form");
const status = document.createElement("p");
const bar = document.createElement("progress");
const waiting = [];
let isBusy = false;
/* What was pressed while files were on their way; it counts when they have arrived. */
let pressed = null;

const area = () => document.querySelector(".upload");
const field = () => area().querySelector("input[type=file]");
const countIn = (one) => one.querySelectorAll(".file-name").length;

/** The sentence that the page carries under this name, with {words} filled in. */
function sentence(name, words = {}) {
  return area().dataset[name].replace(/\{(\w+)\}/g, (unused, word) => words[word]);
}

function prepare() {
  if (!field()) return;
  field().addEventListener("change", () => take(field()));
  area().querySelector("button[value=upload]").hidden = true;
  area().querySelector(".drop-hint").hidden = !matchMedia("(any-pointer: fine)").matches;
  if (matchMedia("(pointer: coarse)").matches) field().after(camera());
}

/* Telephones offer the camera behind the plain field as well, but several presses away. */
function camera() {
  const lens = document.createElement("input");
  Object.assign(lens, { type: "file", accept: "image/*", hidden: true });
  lens.setAttribute("capture", "environment");
  lens.addEventListener("change", () => take(lens));
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "ds-button camera", textContent: sentence("camera") });
  button.dataset.variant = "secondary";
  button.addEventListener("click", () => lens.click());
  button.append(lens);
  return button;
}

function take(input) {
  add([...input.files]);
  // Otherwise they would be sent once more when the form continues.
  input.value = "";
}

function add(files) {
  waiting.push(...files);
  if (!isBusy && waiting.length) run();
}

async function run() {
  isBusy = true;
  const done = { count: waiting.length, number: 0, stored: [], faults: [], area: null };
  while (waiting.length) {
    const file = waiting.shift();
    done.number += 1;
    done.count = done.number + waiting.length;
    await one(file, done);
  }
  isBusy = false;
  bar.hidden = true;
  finish(done);
}

async function one(file, done) {
  if (file.size > Number(area().dataset.most)) {
    done.faults.push(fault(file, sentence("tooLarge")));
    return;
  }
  const before = countIn(done.area || area());
  const answer = await send(file, (percent) => tell(file, done, percent));
  const found = read(answer);
  if (found && countIn(found) > before) done.stored.push(file.name);
  else done.faults.push(...faults(file, answer));
  done.area = found || done.area;
}

function send(file, onProgress) {
  const data = new FormData();
  for (const hidden of form.querySelectorAll("input[type=hidden]")) data.append(hidden.name, hidden.value);
  data.append("action", "upload");
  data.append("files", file);
  const request = new XMLHttpRequest();
  return new Promise((resolve) => {
    request.open("POST", location.href);
    request.responseType = "document";
    request.upload.addEventListener("progress", (event) => onProgress(Math.floor((100 * event.loaded) / event.total)));
    request.addEventListener("loadend", () => resolve(request));
    onProgress(0);
    request.send(data);
  });
}

/** The part of the page with the files as they are stored now; null when the answer is no such page. */
function read(answer) {
  const found = answer.response?.querySelector(".upload");
  const token = answer.response?.querySelector("form input[name=csrf_token]");
  if (token && found) form.querySelector("input[name=csrf_token]").value = token.value;
  // The draft has come to an end, and the page that says so is another.
  if (answer.status === 200 && !found) location.assign(answer.responseURL);
  return found && (answer.status === 200 || answer.status === 422) ? document.importNode(found, true) : null;
}

/** What the page says against everything, or against the file, or that it did not come at all. */
function faults(file, answer) {
  const said = [...(answer.response?.querySelectorAll(".upload .ds-validation-message p") || [])];
  if (said.length && answer.status !== 409) return said.map((line) => document.importNode(line, true));
  const notice = answer.response?.querySelector("main .ds-alert:not(.help)");
  return [fault(file, notice ? notice.textContent.trim() : sentence("failed"))];
}

function fault(file, words) {
  const line = document.createElement("p");
  const mark = document.createElement("span");
  mark.className = "ds-sr-only";
  mark.textContent = sentence("error") + " ";
  line.append(mark, file.name + ": " + words);
  return line;
}

/* The bar moves all the time; who listens is told at each quarter. */
function tell(file, { number, count }, percent) {
  bar.hidden = false;
  bar.value = percent;
  const words = sentence("storing", { name: file.name, number, count, percent: percent - (percent % 25) });
  if (status.textContent !== words) status.textContent = words;
}

function finish({ stored, faults: lines, area: renewed }) {
  const hadFocus = area().contains(document.activeElement);
  if (renewed) area().replaceWith(renewed);
  if (renewed) prepare();
  status.textContent = stored.length ? sentence("stored", { names: stored.join(", ") }) : sentence("none");
  if (lines.length) complain(lines);
  else if (pressed?.isConnected) form.requestSubmit(pressed);
  else if (hadFocus) field()?.focus();
  pressed = null;
}

function complain(lines) {
  area().querySelector(".ds-validation-message")?.remove();
  const message = document.createElement("div");
  Object.assign(message, { className: "ds-validation-message", id: "files-error", tabIndex: -1 });
  message.dataset.field = "validation";
  message.append(...lines);
  if (field()) {
    field().closest(".ds-field").append(message);
    field().setAttribute("aria-invalid", "true");
    field().setAttribute("aria-describedby", "files-hint files-error");
  } else {
    area().append(message);
  }
  message.focus();
}

function isAimedAtArea(event) {
  return Boolean(event.target.closest(".upload") && field());
}

function drag(event) {
  if (!event.dataTransfer?.types.includes("Files")) return;
  // A file that misses would replace the page, and what is written on it.
  event.preventDefault();
  const isAimed = isAimedAtArea(event);
  event.dataTransfer.dropEffect = isAimed ? "copy" : "none";
  area().classList.toggle("is-aimed-at", isAimed && event.type === "dragover");
  if (isAimed && event.type === "drop") add([...event.dataTransfer.files]);
}

form.addEventListener("submit", (event) => {
  if (!isBusy) return;
  event.preventDefault();
  pressed = event.submitter;
  status.textContent = sentence("wait");
});
addEventListener("beforeunload", (event) => {
  if (isBusy) event.preventDefault();
});
for (const type of ["dragover", "dragleave", "drop"]) document.addEventListener(type, drag);

status.setAttribute("role", "status");
status.id = "storing";
bar.max = 100;
bar.hidden = true;
bar.setAttribute("aria-labelledby", status.id);
area().after(status, bar);
prepare();
