/* Warns before a session runs out, and lets one stay: what is typed is on the page and must not be lost to a clock. */

const notice = document.querySelector(".idle");
const said = notice.querySelector("p");
let warning = said.textContent;
const button = notice.querySelector("button");
const WARNED_BEFORE = 5 * 60;
let idleAt = Number(notice.dataset.idleAt);

function look() {
  const left = idleAt - Date.now() / 1000;
  const words = left <= 0 ? notice.dataset.over : warning;
  const isShown = left < WARNED_BEFORE;
  if (notice.hidden === isShown) notice.hidden = !isShown;
  if (isShown && said.textContent !== words) said.textContent = words;
  button.hidden = left <= 0;
}

button.addEventListener("click", async () => {
  const data = new FormData();
  data.append("csrf_token", document.querySelector("input[name=csrf_token]").value);
  const answer = await fetch("/staff/still-here", { method: "POST", body: data });
  if (answer.ok) ({ idle_at: idleAt, warning } = await answer.json());
  look();
});

look();
setInterval(look, 10_000);
