/* Which pages answer a query: the one part of the search that knows about words. js/search.js loads it when the field is
   first used. */

/* People search "klager", "vedtaket" and "afgørelserne" for what the pages call "klage", "vedtak" and "afgørelse". An ending
   of the three languages is cut off what is typed and off what is written alike. Longest first. */
const ENDINGS = [
  "ernes", "arnes", "arane", "anes", "enes", "erne", "arne", "ane", "ene", "ens", "ets", "ers", "ede", "te", "de",
  "en", "et", "er", "ar", "es", "as", "e", "a", "s",
];
const SHORTEST_STEM = 3;

/* Words that say nothing of what is asked for. The pages say "du", so "jeg" would even pass for a rare word. */
const SMALL_WORDS = new Set(`
  jeg eg meg mig du deg dig vi oss os dere dykk han hun ho de dei dem en ein ei et eit den det der min mi mitt mit mine din di
  ditt dit dine vår vårt våre vores er var har hadde havde kan kunne skal skulle vil ville må måtte får fikk fekk fik bli blir
  blive bliver gjør gjer gør og eller at å som i på til for av af om med fra frå hos hva kva hvad hvem kven hvor kor hvordan
  korleis hvorfor kvifor når ikke ikkje man jo så da då nå no nu noe noko noget noen nokon nogen
`.split(/\s+/));

/* What a word is worth by where it stands. In the text it is worth more the oftener it stands there, up to WORTH.text. */
const WORTH = { title: 10, keyword: 10, heading: 5, text: 4 };
const HALF_WORTH = 3;
/* A query that is the title, a heading or a key phrase of a page wants that page. */
const WHOLE_PHRASE = 15;
/* Pages with less than this share of the best page's points only look like answers. */
const LEAST_SHARE = 0.1;
/* What a page about the law of the other country is worth beside one about the law that applies here. */
const ELSEWHERE = 0.4;
/* A word in a title or among the key words counts, however often the other pages use it. */
const LEAST_RARITY_OF_TITLE = 1;

/** The pages of search.json as `find` reads them: every word that occurs, and where. */
export function prepare(pages) {
  const vocabulary = new Map();
  const post = (text, page, section, field) => {
    for (const word of words(text)) {
      if (!vocabulary.has(word)) vocabulary.set(word, { ...term(word), places: [] });
      vocabulary.get(word).places.push({ page, section, field });
    }
  };
  pages.forEach((page, number) => {
    post(page.title, number, 0, "title");
    page.keywords.forEach((one) => post(one, number, 0, "keyword"));
    page.sections.forEach((section, at) => {
      post(section.title, number, at, "heading");
      post(section.text, number, at, "text");
    });
  });
  return { pages, vocabulary: [...vocabulary.values()] };
}

/** The best pages first, each with the section that answers best, and a test that tells whether a word was searched for. */
export function find(index, query) {
  const terms = meaningful(words(query)).map(term);
  const found = index.pages.map((page) => ({ page, points: 0, share: 0, sections: page.sections.map(() => 0) }));
  let all = 0;
  for (const asked of terms) all += add(found, index.vocabulary, asked);
  // A page that holds only some of the words, and those the common ones, is hardly an answer; nor is another country's law.
  found.forEach((one) => { one.points *= all && (one.share / all) * (one.page.elsewhere ? ELSEWHERE : 1); });
  const least = Math.max(...found.map((one) => one.points)) * LEAST_SHARE;
  const whole = phrase(query);
  return found.filter((one) => one.points > 0 && one.points >= least)
    .map((one) => ({ ...one, points: one.points + (phrases(one.page).includes(whole) ? WHOLE_PHRASE : 0) }))
    .sort((one, other) => other.points - one.points)
    .map((one) => ({ page: one.page, section: one.page.sections[bestSection(one, whole)], holds: holder(terms) }));
}

function meaningful(typed) {
  const telling = typed.filter((word) => !SMALL_WORDS.has(word));
  return [...new Set(telling.length ? telling : typed)];
}

/* Adds what one word of the query is worth to each page; returns how much finding it says. Rare words say most. */
function add(found, vocabulary, asked) {
  const matches = matching(vocabulary, asked);
  const pages = gathered(matches);
  const rarity = 0.1 + Math.log(found.length / Math.max(holding(matches), 1));
  for (const [number, sections] of pages) {
    const page = found[number];
    const whole = { title: 0, keyword: 0, heading: 0, text: 0 };
    for (const [at, here] of sections) {
      page.sections[at] += rarity * part({ ...here, heading: Math.max(here.title, here.heading) });
      for (const field of ["title", "keyword", "heading"]) whole[field] = Math.max(whole[field], here[field]);
      whole.text += here.text;
    }
    page.points += worth(whole, rarity);
    page.share += rarity;
  }
  return rarity;
}

/* How many pages hold the word in the form that matches best. */
function holding(matches) {
  const best = Math.max(...matches.map((one) => one.quality));
  return new Set(matches.filter((one) => one.quality === best).flatMap((one) => one.places.map((place) => place.page))).size;
}

/* How well the words match, by page, section and field. */
function gathered(matches) {
  const pages = new Map();
  for (const { quality, places } of matches) {
    for (const { page, section, field } of places) {
      if (!pages.has(page)) pages.set(page, new Map());
      const sections = pages.get(page);
      if (!sections.has(section)) sections.set(section, { title: 0, keyword: 0, heading: 0, text: 0 });
      const here = sections.get(section);
      here[field] = field === "text" ? here.text + quality : Math.max(here[field], quality);
    }
  }
  return pages;
}

function worth({ title, keyword, heading, text }, rarity) {
  return Math.max(rarity, LEAST_RARITY_OF_TITLE) * (title * WORTH.title + keyword * WORTH.keyword)
    + rarity * part({ heading, text });
}

function part({ heading, text }) {
  return heading * WORTH.heading + WORTH.text * text / (text + HALF_WORTH);
}

/* The words of the index that a typed word may mean. When there is none, it may be misspelt. */
function matching(vocabulary, asked) {
  const graded = (grade) => vocabulary.map((one) => ({ ...one, quality: grade(asked, one) })).filter((one) => one.quality > 0);
  const found = graded(likeness);
  return found.length || asked.plain.length < 5 ? found : graded((one, other) => (differsByOne(one.plain, other.plain) ? 0.5 : 0));
}

/* Between 0 and 1. Who types æ, ø or å means it; who has no such keys is understood too. */
function likeness(asked, word) {
  const [typed, written] = asked.isExact ? [asked.exact, word.exact] : [asked.plain, word.plain];
  if (typed === written) return 1;
  if (/\d/.test(typed) || typed.length < 3) return 0;
  if (written.startsWith(typed)) return typed.length > 3 ? 0.6 : 0.3;
  if (typed.length > 3 && written.endsWith(typed)) return 0.5;
  if (typed.length > 4 && written.includes(typed)) return 0.35;
  if ((written.length > 3 && typed.startsWith(written)) || (written.length > 4 && typed.endsWith(written))) return 0.3;
  return 0;
}

/* One letter more, less, or another, or two that changed places. */
function differsByOne(one, other) {
  if (Math.abs(one.length - other.length) > 1) return false;
  let from = 0;
  while (from < one.length && one[from] === other[from]) from += 1;
  let [end, otherEnd] = [one.length, other.length];
  while (end > from && otherEnd > from && one[end - 1] === other[otherEnd - 1]) [end, otherEnd] = [end - 1, otherEnd - 1];
  const [left, otherLeft] = [one.slice(from, end), other.slice(from, otherEnd)];
  return Math.max(left.length, otherLeft.length) <= 1 || (left.length === 2 && left === [...otherLeft].reverse().join(""));
}

export function words(text) {
  return (text.normalize("NFC").toLowerCase().match(/[\p{L}\p{N}]+/gu) || []).filter((word) => word.length > 1 || /\d/.test(word));
}

function term(word) {
  return { exact: stem(single(word)), plain: stem(single(plain(word))), isExact: /[æøåäö]/.test(word) };
}

function phrases(page) {
  return [page.title, ...page.keywords, ...page.sections.map((one) => one.title)].map(phrase);
}

function phrase(text) {
  return words(text).map((word) => term(word).plain).join(" ");
}

/* As typed where the keyboard has no æ, ø and å: ae, o or oe, a or aa. */
function plain(word) {
  return word.replace(/æ|ä|ae/g, "e").replace(/ø|ö|oe/g, "o").replace(/å|aa/g, "a").replace(/[éèê]/g, "e").replace(/ü/g, "u");
}

/* "kordinator" and "fulmakt" are what many write. */
function single(word) {
  return word.replace(/(\p{L})\1+/gu, "$1");
}

function stem(word) {
  const ending = ENDINGS.find((one) => word.endsWith(one) && word.length - one.length >= SHORTEST_STEM);
  return ending ? word.slice(0, -ending.length) : word;
}

/* Here small words count too: "får ikke svar" means the heading "Får du ikke svar?", not every other one with "svar". */
function bestSection({ page, sections }, whole) {
  const asked = whole.split(" ");
  const points = page.sections.map(({ title }, at) => {
    const heading = phrase(title || page.title).split(" ");
    return sections[at] + asked.filter((word) => heading.includes(word)).length;
  });
  return points.indexOf(Math.max(...points));
}

function holder(terms) {
  return (text) => words(text).map(term).some((word) => terms.some((asked) => likeness(asked, word) >= 0.5));
}
