"""MkDocs publishes pages by our rules, and refuses faults with file and line."""

import json
import re
from pathlib import Path

import pytest
import yaml
from guidance_project import ROOT, Project

from forms_app.language import Language
from guidance.checks import check_site
from guidance.pages import read_pages


def page(project: Project, path: str) -> str:
    return (project.site / path).read_text("utf-8")


def page_named(title: str, country: str = "norge", **more: str) -> str:
    """A page of its own, without a counterpart to confirm."""
    lines = "".join(f"{key}: {value}\n" for key, value in more.items())
    return (
        f"---\ntitle: {title}\ndescription: En kort side.\nowner: Koordinerende enhet\nreview_by: 2027-11-22\n"
        f"jurisdiction: [{country}]\n{lines}---\n# {title}\n\nHer.\n"
    )


def test_the_site_is_never_built_over_our_sources() -> None:
    settings = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
    assert settings["site_dir"] == "build/site"
    assert Path(settings["theme"]["custom_dir"]).parts[0] == "site"


def test_the_stylesheet_of_material_is_the_one_our_look_was_made_for() -> None:
    """Its name holds a hash of its content. When this fails, look at every kind of page before changing it."""
    import material

    styles = Path(material.__file__).parent / "templates/assets/stylesheets"
    assert [one.name for one in styles.glob("main.*.css")] == ["main.57a0d79d.min.css"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("fact.appeal_health", "fact.nothing", "docs/nb/klage.md:11: feil: ukjent opplysning «nothing»"),
        ("form:complaint", "form:nothing", "docs/nb/klage.md:14: feil: ukjent skjema «form:nothing»"),
        ("title: Klage", "title: Klage: slik", "docs/nb/klage.md:1: feil: opplysningene øverst"),
        ("Fristen", "[her](borte.md) Fristen", "docs/nb/klage.md:11: feil: lenken fører ingen steder: borte.md"),
    ],
)
def test_a_fault_stops_the_build(project: Project, old: str, new: str, message: str) -> None:
    project.change("nb/klage.md", old, new)
    done = project.build()
    assert done.returncode == 1
    assert message in done.stderr


def test_a_page_outside_the_menu_stops_the_build(project: Project) -> None:
    project.write("da/plan.md", (project.folder / "docs/da/index.md").read_text("utf-8"))
    done = project.build()
    assert done.returncode == 1
    assert "docs/da/menu.md: feil: plan.md mangler i menyen" in done.stderr


def test_the_menu_gives_the_order_and_the_headings(project: Project) -> None:
    project.write("nb/menu.md", "## Svar\n- klage.md\n## Ellers\n- index.md\n")
    assert project.build().returncode == 0
    text = page(project, "nb/klage/index.html")
    assert text.index("Svar</") < text.index('href="/nb/klage/" aria-current="page"') < text.index("Ellers</")
    assert not list(project.site.rglob("*menu*"))


@pytest.mark.parametrize("status", ["draft", "review"])
def test_an_unfinished_page_is_nowhere_in_the_built_site(project: Project, status: str) -> None:
    """It may be half-finished, and wait for its line in the other language's menu."""
    for language in ("nb", "nn"):
        project.change(f"{language}/klage.md", "owner:", f"status: {status}\nowner:")
        project.change(f"{language}/index.md", "Les om [klage](klage.md).", "Velkommen.")
        project.write(f"{language}/barn.md", page_named("Barn"))
    project.change("nb/klage.md", "fact.appeal_health", "fact.nothing")
    project.change("nn/menu.md", "## Svar\n\n- klage.md\n", "- barn.md\n")
    project.change("nb/menu.md", "- klage.md", "- klage.md\n- barn.md")
    project.confirm()
    settings = project.folder / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8") + "site_url: https://portal.example/\n", "utf-8")
    done = project.build()
    assert done.returncode == 0, done.stderr
    for file in project.site.rglob("*"):
        assert "klage" not in file.relative_to(project.site).as_posix()
        if file.suffix in (".html", ".xml", ".json"):
            # The forms have an address of their own.
            assert "/klage/" not in file.read_text("utf-8").replace("/skjema/klage/", "").replace("/skema/klage/", "")


def test_a_group_of_drafts_leaves_no_heading(project: Project) -> None:
    for language in ("nb", "nn"):
        project.change(f"{language}/klage.md", "owner:", "status: draft\nowner:")
        project.change(f"{language}/index.md", "Les om [klage](klage.md).", "Velkommen.")
    project.confirm()
    assert project.build().returncode == 0
    assert "Svar" not in page(project, "nb/index.html")


def test_the_language_links_do_not_lead_to_a_draft(project: Project) -> None:
    project.write("da/klage.md", page_named("Klage", country="danmark", status="draft"))
    project.change("da/menu.md", "- index.md", "- index.md\n- klage.md")
    assert project.build().returncode == 0
    assert 'href="/da/" lang="da" hreflang="da">Dansk (forsiden)</a>' in page(project, "nb/klage/index.html")


def test_a_link_to_a_draft_stops_the_build(project: Project) -> None:
    for language in ("nb", "nn"):
        project.change(f"{language}/klage.md", "owner:", "status: draft\nowner:")
    project.confirm()
    done = project.build()
    assert done.returncode == 1
    assert "docs/nb/index.md:11: feil: lenken fører til docs/nb/klage.md" in done.stderr


def test_a_page_for_editors_is_built_but_nothing_leads_to_it(project: Project) -> None:
    project.write("nb/redaktor/index.md", page_named("For redaktører", audience="editors"))
    settings = project.folder / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8") + "site_url: https://portal.example/\n", "utf-8")
    done = project.build()
    assert done.returncode == 0, done.stderr
    text = page(project, "nb/redaktor/index.html")
    assert '<meta name="robots" content="noindex">' in text
    assert "robots" not in page(project, "nb/klage/index.html")
    for file in (*project.site.rglob("*.html"), *project.site.rglob("*.xml"), *project.site.rglob("*.json")):
        if file != project.site / "nb/redaktor/index.html":
            assert "redakt" not in file.read_text("utf-8"), file


def test_what_only_a_preview_shows_is_not_published(built_site: Path) -> None:
    assert not (built_site / "css/preview.css").exists()
    for file in built_site.rglob("*.html"):
        assert not re.search(r'class="(band|notices|unknown)', file.read_text("utf-8")), file


def test_a_build_without_the_built_styles_says_how_to_build_them(project: Project, tmp_path: Path) -> None:
    settings = project.folder / "mkdocs.yml"
    text = re.sub(r"assets: .*", f"assets: {tmp_path / 'nothing'}", settings.read_text("utf-8"))
    settings.write_text(text, "utf-8")
    done = project.build()
    assert done.returncode == 1
    assert "make assets" in done.stderr


def test_facts_forms_and_contacts_are_filled_in(project: Project) -> None:
    project.change("nb/klage.md", "En kort side.", "Klag innen {{ fact.appeal_health }}.")
    assert project.build().returncode == 0
    text = page(project, "nb/klage/index.html").replace("\N{NO-BREAK SPACE}", " ")
    assert "Fristen er 4 uker. I Danmark er den 4 uker." in text
    assert '<meta name="description" content="Klag innen 4 uker.">' in text
    assert 'href="/nb/skjema/klage/"' in text
    assert "Fristen er 4 veker" in page(project, "nn/klage/index.html").replace("\N{NO-BREAK SPACE}", " ")
    danish = page(project, "da/index.html")
    assert "Rudersdal" in danish
    assert "Arendal" not in danish
    assert "Kommunen skriver telefon og adresse her." in danish


def test_the_slug_is_the_address_and_links_follow(project: Project) -> None:
    project.change("nn/klage.md", "owner:", "slug: slik-klagar-du\nowner:")
    assert project.build().returncode == 0
    assert (project.site / "nn/slik-klagar-du/index.html").is_file()
    assert not (project.site / "nn/klage").exists()
    assert 'href="slik-klagar-du/"' in page(project, "nn/index.html")
    assert 'href="/nn/slik-klagar-du/" lang="nn"' in page(project, "nb/klage/index.html")


def test_the_language_links_say_when_they_only_reach_the_front_page(project: Project) -> None:
    assert project.build().returncode == 0
    text = page(project, "nb/klage/index.html")
    assert 'href="/nb/klage/" lang="nb" hreflang="nb" aria-current="true">Bokmål</a>' in text
    assert 'href="/nn/klage/" lang="nn" hreflang="nn">Nynorsk</a>' in text
    assert 'href="/da/" lang="da" hreflang="da">Dansk (forsiden)</a>' in text


def test_addresses_for_search_engines_are_given_only_when_the_site_has_one(project: Project) -> None:
    assert project.build().returncode == 0
    assert "<loc>" not in page(project, "sitemap.xml")
    settings = project.folder / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8") + "site_url: https://portal.example/\n", "utf-8")
    assert project.build().returncode == 0
    sitemap = page(project, "sitemap.xml")
    assert "<loc>https://portal.example/nb/klage/</loc>" in sitemap
    assert 'hreflang="nn" href="https://portal.example/nn/klage/"' in sitemap
    assert "https://portal.example/da/klage/" not in sitemap


def test_every_built_page_passes_the_check(built_site: Path) -> None:
    assert check_site(built_site) == []


@pytest.mark.parametrize("language", ["nb", "nn", "da"])
def test_every_page_is_in_the_language_of_its_folder(built_site: Path, language: str) -> None:
    pages = list((built_site / language).rglob("*.html"))
    written = read_pages(ROOT / "docs")
    assert len(pages) == sum(its is Language(language) and page.is_published for (its, _), page in written.items())
    assert all(f'<html lang="{language}">' in one.read_text("utf-8") for one in pages)


def test_nothing_is_loaded_from_elsewhere_or_written_into_a_page(built_site: Path) -> None:
    for file in built_site.rglob("*.html"):
        text = file.read_text("utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text), file
        assert not re.search(r'<(?:script|img|link|iframe)[^>]*(?:src|href)="(?:https?:)?//', text), file


def test_scripts_of_the_theme_and_source_maps_are_not_published(built_site: Path) -> None:
    published = {one.relative_to(built_site).as_posix() for one in built_site.rglob("*") if one.is_file()}
    # Those of the forms lie beside the site, where one web server serves both.
    of_the_forms = {one for one in published if one.startswith("static/assets/forms/")}
    assert {one for one in published - of_the_forms if one.endswith((".js", ".map"))} == {
        "js/search.js",
        "js/finding.js",
        "js/print.js",
    }
    assert {one for one in published if one.startswith("assets/")} == {"assets/stylesheets/main.57a0d79d.min.css"}
    assert {"static/shared/css/chrome.css", "static/assets/inter.woff2", "css/article.css"} <= published


def test_our_own_styles_ask_for_nothing_the_content_policy_stops(built_site: Path) -> None:
    for folder in ("css", "static/shared/css"):
        for file in (built_site / folder).glob("*.css"):
            assert not re.search(r"@import|url\((?!\"/static/)", file.read_text("utf-8")), file


def test_the_stylesheet_of_material_holds_no_pictures(built_site: Path) -> None:
    (path,) = (built_site / "assets" / "stylesheets").glob("*.css")
    css = path.read_text("utf-8")
    assert "data:" not in css
    assert css.count("{") == css.count("}") > 1000


def test_the_chooser_offers_every_language_and_remembers_nothing(built_site: Path) -> None:
    text = (built_site / "index.html").read_text("utf-8")
    assert [one for one in ("nb", "nn", "da") if f'href="/{one}/" hreflang="{one}"' in text] == ["nb", "nn", "da"]
    assert "<script" not in text
    assert text.count("<h1>") == 1


def test_not_found_speaks_all_languages_and_works_at_any_depth(built_site: Path) -> None:
    text = (built_site / "404.html").read_text("utf-8")
    for language, words in {"nb": "Vi finner ikke siden", "nn": "Vi finn ikkje sida"}.items():
        assert f'<section lang="{language}"' in text
        assert words in text
    assert "Vi kan ikke finde siden" in text
    assert all(address.startswith(("/", "#")) for address in re.findall(r'(?:href|src)="([^"]*)"', text))


def test_each_language_has_its_own_search_index(built_site: Path) -> None:
    assert not (built_site / "search").exists()
    for language in ("nb", "nn", "da"):
        entries = json.loads((built_site / language / "search.json").read_text("utf-8"))
        assert len(entries) > 20
        assert all(one["url"].startswith(f"/{language}/") for one in entries)
        assert not any("<" in section["text"] for one in entries for section in one["sections"])


def test_no_reference_is_left_unfilled(built_site: Path) -> None:
    for file in built_site.rglob("*.html"):
        assert not re.search(r"\{\{|form:[a-z_]+\"", file.read_text("utf-8")), file
