/* Search in the pages of one language. The index is fetched when the field is first used; what is typed stays here. */
"use strict";

(function () {
  const box = document.querySelector(".search");
  if (!box) return;
  const field = box.querySelector("input");
  const answer = box.querySelector(".search__answer");
  const status = box.querySelector("[role=status]");
  const list = answer.appendChild(document.createElement("ol"));
  const most = 8;
  const mostOfPage = 3;
  let index;

  /* People search "klager" and "vedtaket" for what the pages call "klage" and "vedtak". Cutting the endings of all three
     languages off what is typed, and comparing beginnings of words, finds them. Longest ending first. */
  const endings = ["arane", "ernes", "anes", "enes", "erne", "ene", "ane", "ens", "ets", "ers", "en", "et", "er", "ar", "ne", "es", "e", "a", "s"];

  function plain(text) {
    return text.toLowerCase().replace(/æ/g, "ae").replace(/[øö]/g, "o").replace(/å/g, "a").replace(/é/g, "e");
  }

  function words(text) {
    return text.match(/[\p{L}\p{N}]+/gu) || [];
  }

  function stem(word) {
    const ending = endings.find((one) => word.endsWith(one) && word.length - one.length >= 3);
    return ending ? word.slice(0, -ending.length) : word;
  }

  function prepare(sections) {
    return sections.map((one) => ({ ...one, words: words(plain(one.text)), titleWords: words(plain(one.title)), pageWords: words(plain(one.page)) }));
  }

  /* A word counts most in the page's title, then in the section's, then in the text; inside a compound it counts least. */
  function score(section, stems) {
    let sum = 0;
    for (const one of stems) {
      const begins = (word) => word.startsWith(one);
      const holds = (word) => one.length > 4 && word.includes(one);
      const here = (section.pageWords.some(begins) ? 20 : 0) + (section.titleWords.some(begins) ? 30 : 0)
        + Math.min(section.words.filter(begins).length, 10);
      const inside = section.titleWords.some(holds) ? 10 : section.words.some(holds) ? 1 : 0;
      if (!here && !inside) return 0;
      sum += here || inside;
    }
    return sum + (section.title === section.page ? 5 : 0);
  }

  /* The best sections first, and not so many of one page that they hide the next. */
  function find(query) {
    const stems = words(plain(query)).filter((word) => word.length > 1).map(stem);
    if (!stems.length) return [];
    const ofPage = new Map();
    return index.map((section) => ({ section, points: score(section, stems) }))
      .filter((hit) => hit.points > 0)
      .sort((one, other) => other.points - one.points)
      .map((hit) => ({ ...hit.section, stems }))
      .filter((hit) => ofPage.set(hit.page, (ofPage.get(hit.page) || 0) + 1).get(hit.page) <= mostOfPage)
      .slice(0, most);
  }

  /* About twenty words of the text, from just before the first word that was searched for. */
  function excerpt(hit) {
    const parts = hit.text.split(" ");
    const at = parts.findIndex((part) => words(plain(part)).some((word) => hit.stems.some((one) => word.startsWith(one))));
    const from = Math.max(0, at - 5);
    const piece = parts.slice(from, from + 22).join(" ");
    return (from ? "… " : "") + piece + (from + 22 < parts.length ? " …" : "");
  }

  function row(hit) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = hit.url;
    link.textContent = hit.title === hit.page ? hit.title : hit.page + " – " + hit.title;
    const text = document.createElement("p");
    text.textContent = excerpt(hit);
    item.append(link, text);
    return item;
  }

  function show() {
    const query = field.value.trim();
    const isAsking = index && query.length > 1;
    const hits = isAsking ? find(query) : [];
    list.replaceChildren(...hits.map(row));
    status.textContent = !isAsking ? ""
      : hits.length === 0 ? box.dataset.none
      : hits.length === 1 ? box.dataset.one
      : box.dataset.many.replace("#", hits.length);
    box.classList.toggle("search--open", Boolean(isAsking));
  }

  function close() {
    box.classList.remove("search--open");
  }

  async function load() {
    if (index) return;
    index = prepare(await (await fetch(box.dataset.index)).json());
    show();
  }

  field.addEventListener("focus", load, { once: true });
  field.addEventListener("input", show);
  field.addEventListener("focus", show);
  field.addEventListener("keydown", function (event) {
    const first = list.querySelector("a");
    if (event.key === "Enter" && first) first.focus();
  });
  box.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    field.focus();
    close();
  });
  document.addEventListener("click", (event) => { if (!box.contains(event.target)) close(); });
  box.addEventListener("focusout", (event) => { if (event.relatedTarget && !box.contains(event.relatedTarget)) close(); });
  box.hidden = false;
})();
