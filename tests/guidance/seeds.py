"""For each rule of the content gate: what is done to a clean tree, and where and how the gate then tells of it."""

import shutil
from collections.abc import Mapping, Sequence

from guidance_project import page_text
from seeded_tree import Seed, Tree

from guidance.findings import Rule

KLAGE = "docs/nb/klage.md"
PO = "translations/nb/LC_MESSAGES/messages.po"
INDEX = "built/nb/index.html"
HARD = "Forvaltningsmyndighetenes saksbehandlingsrutiner vanskeliggjør medvirkningsmulighetene betydelig overalt. "
EASY = "Du kan be om hjelp her hos oss i dag. "


def page(old: str, new: str, path: str = "nb/klage.md") -> Seed:
    return lambda tree: tree.change(path, old, new)


def key(line: str) -> Seed:
    return page("owner:", f"{line}\nowner:")


def text(words: str) -> Seed:
    return page("Fristen er", f"{words} Fristen er")


def built(old: str, new: str) -> Seed:
    return lambda tree: tree.change_file(INDEX, old, new)


def po(old: str, new: str) -> Seed:
    return lambda tree: tree.change_file(f"root/{PO}", old, new)


def code(old: str, new: str) -> Seed:
    return lambda tree: tree.change_file("root/forms_app/sending.py", old, new)


def without_nynorsk(tree: Tree) -> None:
    (tree.docs / "nn/klage.md").unlink()
    tree.write("nn/menu.md", "- index.md\n")
    tree.change("nn/index.md", "[klage](klage.md)", "klage")


def with_nynorsk_as_draft(tree: Tree) -> None:
    tree.change("nn/klage.md", "owner:", "status: draft\nowner:")
    tree.change("nn/index.md", "[klage](klage.md)", "klage")


def with_link_to_draft(tree: Tree) -> None:
    draft = page_text("Plan", "Tekst.", "da", country="danmark").replace("owner:", "status: draft\nowner:")
    tree.write("da/plan.md", draft)
    tree.change("da/index.md", "{{ contacts }}", "[Plan](plan.md)")


def with_two_on_one_address(tree: Tree) -> None:
    plan = page_text("Plan", "Tekst.", "da", country="danmark")
    tree.write("da/a.md", plan.replace("owner:", "slug: b\nowner:"))
    tree.write("da/b.md", plan)
    tree.write("da/menu.md", "- index.md\n- a.md\n- b.md\n")


def with_one_hard_page(tree: Tree) -> None:
    tree.change("nb/index.md", "Les om", HARD * 20 + "Les om")
    for path in ("nb/klage.md", "nn/klage.md"):
        tree.change(path, "Fristen er", f"{EASY * 12}\n\nFristen er")


def with_nothing_easy(tree: Tree) -> None:
    """Within the limit of a page, but above what is good on the whole."""
    tree.change("nb/index.md", "Les om", (EASY * 3 + HARD * 2) * 4 + "Les om")


FAULTS: Mapping[Rule, Sequence[tuple[Seed, int | str, str]]] = {
    Rule.FRONT_MATTER_UNREADABLE: [
        (page("title: Klage", "title: Klage: slik"), 1, "kan ikke leses (linje 2)"),
        (page("---\ntitle", "title"), 1, "siden må begynne med en linje ---"),
    ],
    Rule.KEY_MISSING: [
        (page("owner: Koordinerende enhet\n", ""), 1, "mangler «owner:» mellom strekene øverst"),
        (page("Koordinerende enhet", ""), 4, "mangler «owner:» mellom strekene øverst"),
    ],
    Rule.KEY_UNKNOWN: [(key("onwer: Ola"), 4, "ukjent opplysning «onwer»; kjente: title,")],
    Rule.KEY_WRONG: [
        (page("En kort side.", "[kort]"), 3, "«description» må være tekst; sett den i anførselstegn"),
        (page("2027-11-22", "snart"), 5, "«review_by» må være en dato, slik: 2027-11-22"),
        (page("[norge]", "[sverige]"), 6, "«jurisdiction» må være [norge] eller [danmark]"),
        (key("slug: Klage Her"), 4, "slik: slik-soker-du"),
        (key("keywords: avslag"), 4, "slik: [avslag, ventetid]"),
        (key("lix_max: 4.5"), 4, "«lix_max» må være et helt tall fra 20 til 60"),
        (key("audience: alle"), 4, "«audience» må være citizens eller editors"),
        (key("text_language: nb"), 4, "når det ikke er mappens"),
        (page("owner:", "status: ferdig\nowner:", "da/index.md"), "docs/da/index.md:4", "draft, review, published"),
    ],
    Rule.MAIN_HEADING: [
        (page("# Klage\n", ""), 9, "mangler overskriften: # Klage"),
        (page("# Klage\n", "# Klager\n"), 9, "overskriften må være lik tittelen øverst: # Klage"),
        (text("# Frist\n\n"), 11, "skriv ## Frist"),
    ],
    Rule.BOX_TITLE: [(page(' "Kort fortalt"', ""), 13, 'skriv !!! abstract "Kort fortalt"')],
    Rule.REFERENCE: [
        (page("fact.appeal_health", "fact.appeal_helth"), 11, "ukjent opplysning «appeal_helth»"),
        (page("denmark.appeal", "denmark.appeal_health"), 11, "denmark.toml"),
        (page("denmark.appeal", "sweden.appeal"), 11, "ukjent felt {{ sweden.appeal }}"),
        (page("En kort side.", "Frist {{ fact.x }}."), 3, "ukjent opplysning «x»"),
        (text("Ring {{ contacts }}."), 11, "må stå alene på en linje"),
        (page("form:complaint", "form:complain"), 14, "«form:complain»"),
        (page("form:complaint", "law:LOV"), 14, "«law:LOV»"),
        (page("form:complaint", "site:nettsted"), 14, "«site:nettsted»"),
    ],
    Rule.PAGE_LINK: [(text("[Les](borte.md)."), 11, "lenken fører ingen steder: borte.md")],
    Rule.UNPUBLISHED_LINK: [(with_link_to_draft, "docs/da/index.md:10", "fører til docs/da/plan.md, som ikke er publ")],
    Rule.ANCHOR: [
        (text("[Les](index.md#om)."), 11, "ingen overskrift i docs/nb/index.md heter #om; skriv { #om } etter den"),
    ],
    Rule.PAGE_ADDRESS: [
        (key("slug: skjema"), 4, "adressen /nb/skjema/ er skjemaenes; skriv en annen «slug»"),
        (with_two_on_one_address, "docs/da/b.md", "adressen /da/b/ er alt brukt av docs/da/a.md; skriv en annen"),
    ],
    Rule.COUNTERPART_MISSING: [
        (without_nynorsk, KLAGE, "siden finnes ikke på nynorsk; skriv docs/nn/klage.md"),
        (with_nynorsk_as_draft, KLAGE, "ikke på nynorsk; sett «status: published» i docs/nn/klage.md"),
    ],
    Rule.COUNTERPART_COUNTRY: [
        (page("[norge]", "[norge, danmark]", "nn/index.md"), "docs/nb/index.md:6", "er en annen i docs/nn/index.md"),
    ],
    Rule.COUNTERPART_STALE: [
        (
            text("Les nøye."),
            "docs/nn/klage.md:7",
            "portal page diff docs/nn/klage.md · rett teksten, og bekreft: portal page confirm docs/nn/klage.md",
        ),
        (page("counterpart: ", "counterpart: # ", "nn/klage.md"), "docs/nn/klage.md:7", "ingen har sammenlignet"),
    ],
    Rule.MENU: [(page("- klage.md", "- klage.md\n- borte.md", "nb/menu.md"), "docs/nb/menu.md:6", "borte.md finnes")],
    Rule.RAW_ADDRESS: [
        (text("[Les](https://lovdata.no/dokument/NL/lov/1999-07-02-63)."), 11, "skriv (law:PBRL)"),
        (text("Skriv til post@kommune.example."), 11, "hører hjemme i portal.toml; skriv {{ contacts }}"),
    ],
    Rule.NUMBER: [
        (page("{{ fact.appeal_health }}", "fire uker"), 11, "«fire uker» er skrevet for hånd; skriv {{ fact.appeal_h"),
        (page("{{ fact.appeal_health }}", "4 uker"), 11, "«4 uker» er skrevet for hånd; skriv {{ fact.appeal_h"),
        (text("Ring 22 22 22 22."), 11, "telefonnumre hører hjemme i portal.toml"),
    ],
    Rule.BODY_NAME: [(text("Spør Statsforvalteren."), 11, "er skrevet for hånd; skriv {{ fact.appeal_body }}")],
    Rule.PURITY: [(text("Det er ikkje nok."), 11, "«ikkje» er nynorsk; skriv «ikke»")],
    Rule.LIX: [(with_one_hard_page, "docs/nb/index.md:11", "grensen er 45")],
    Rule.LIX_MEDIAN: [(with_nothing_easy, "docs", "grensen er 35")],
    Rule.MESSAGE_MISSING: [
        (po('msgstr "Send inn"', 'msgstr ""'), f"{PO}:9", "«Send» er ikke oversatt; skriv den etter msgstr"),
        (po('msgid "Send"\nmsgstr "Send inn"\n', ""), PO, "mangler «Send»; kjør: make messages"),
    ],
    Rule.MESSAGE_FUZZY: [(po('msgid "Send"', '#, fuzzy\nmsgid "Send"'), f"{PO}:10", "«Send» er en gjetning; rett")],
    Rule.MESSAGE_PLACEHOLDERS: [(po("%(name)s bor", "%(navn)s bor"), f"{PO}:6", "ulike ting: %(name)s, %(navn)s")],
    Rule.MESSAGE_OBSOLETE: [
        (po('msgid "Send"', 'msgid "Old"\nmsgstr "Før"\n\nmsgid "Send"'), f"{PO}:9", "«Old» finnes ikke lenger; kjør"),
        (po('msgid "Send"', '#~ msgid "Old"\n#~ msgstr "Før"\n\nmsgid "Send"'), f"{PO}:9", "«Old» er lagt bort"),
    ],
    Rule.MESSAGE_PURITY: [(po("bor her", "bor ikkje her"), f"{PO}:6", "«ikkje» er nynorsk; skriv «ikke»")],
    Rule.TEMPLATE_STALE: [
        (code('gettext("Send")', 'gettext("Send"), gettext("New")'), "translations/messages.pot", "make messages"),
    ],
    Rule.SITE_NOT_BUILT: [(lambda tree: shutil.rmtree(tree.folder / "built"), "built", "bygg først: make site")],
    Rule.SITE_LANGUAGE: [
        (built(' lang="nb"', ""), INDEX, "siden sier ikke hvilket språk den er på"),
        (built(' lang="nb"', ' lang="nn"'), INDEX, "siden ligger i /nb/, men sier at den er på nn"),
    ],
    Rule.SITE_TITLE: [(built("<title>Hjelp", "<title> "), INDEX, "siden mangler tittel")],
    Rule.SITE_HEADING: [(built("<h1", "<h1>En til</h1><h1"), INDEX, "2 hovedoverskrifter")],
    Rule.SITE_ID: [(built("<h1", '<p id="top">Opp</p><h1'), INDEX, "«top» er brukt 2 ganger")],
    Rule.SITE_CODE: [
        (built(' src="/js/a.js"', ""), f"{INDEX}:3", "<script> med innhold"),
        (built("<h1", "<style>p{}</style><h1"), f"{INDEX}:4", "<style> med innhold"),
        (built("<h1", '<p style="color:red">Rød</p><h1'), f"{INDEX}:4", "<p style=…>"),
        (built("<h1", '<p onclick="x()">Klikk</p><h1'), f"{INDEX}:4", "<p onclick=…>"),
    ],
    Rule.SITE_PICTURE: [
        (built(' alt="Et hus"', ""), f"{INDEX}:5", "bildet mangler tekst"),
        (built(' alt="Et hus"', ' alt=""'), f"{INDEX}:5", "![tekst](bilde.png)"),
        (built(' alt="" role', " role"), f"{INDEX}:5", "eller { role=presentation } til pynt"),
    ],
    Rule.SITE_REQUEST: [(built("/js/a.js", "https://cdn.example/a.js"), f"{INDEX}:3", "https://cdn.example/a.js")],
    Rule.SITE_LINK: [
        (built('"#top"', '"borte/"'), f"{INDEX}:4", "lenken fører ingen steder: borte/"),
        (built('"#top"', '"/da/skjema/klage/"'), f"{INDEX}:4", "lenken fører ingen steder: /da/skjema/klage/"),
    ],
    Rule.SITE_ANCHOR: [(built('"#top"', '"#topp"'), f"{INDEX}:4", "en overskrift som ikke finnes: #topp")],
    Rule.REVIEW_DUE: [(page("2027-11-22", "2026-11-21"), 5, "skulle vært gjennomgått 2026-11-21 av Koordinerende")],
    Rule.FACT_DUE: [(Tree.let_a_fact_be_due, "forms_app/countries/denmark.toml:", "«appeal» skulle vært kontrollert")],
}
"""A number stands for a line of docs/nb/klage.md."""
