"""The glue to MkDocs; what it decides stands in the plain modules beside it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

import jinja2
from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.nav import Section as NavSection
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils import get_build_datetime
from mkdocs.utils.templates import TemplateContext

from forms_app.language import Language, format_date, use
from forms_app.municipality import BadDeployment, Deployment, load_deployment
from guidance import preview
from guidance.findings import errors
from guidance.frame import Entry, bare_masthead, front_pages, other_language, page_masthead, paper_foot, report_url
from guidance.gate import check_written
from guidance.labels import labels
from guidance.markup import GuidanceMarkup, filled
from guidance.menu import arranged, read_menu
from guidance.pages import Audience, Page, Pages, published, read_pages
from guidance.search import split_index
from guidance.stylesheet import drop_pictures

log = get_plugin_logger(__name__)

# The one file of Material's that pages load: its stylesheet. Its scripts are replaced by our own.
MATERIAL_STYLES = "assets/stylesheets/main."
# Of the messages that only editors see.
PREVIEW_STYLES = "css/preview.css"


class GuidanceConfig(base.Config):  # type: ignore[no-untyped-call]  # MkDocs is typed in part
    """Settings under `plugins: - guidance:` in mkdocs.yml, as paths from that file."""

    deployment = config_options.File(exists=True)
    """portal.toml: the municipalities whose contact cards are shown."""
    shared = config_options.Dir(exists=True)
    """Header, footer and styles in common with the forms: templates, and published under /static/shared."""
    assets = config_options.Dir(exists=False)
    """What `python -m forms_app.web.build_assets` built; published under /static/assets. The preview does without."""


class GuidancePlugin(BasePlugin[GuidanceConfig]):  # type: ignore[no-untyped-call]
    """Publishes `docs/` by our own rules: addresses, languages, facts, search. A preview shows what a build refuses."""

    is_preview = False
    deployment: Deployment
    markup: GuidanceMarkup
    pages: Pages
    """Those that are shown: in a preview all, however unfinished."""
    notices: preview.Notices = {}
    stylesheet: str

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember which of the two this is; MkDocs then also keeps this object between the builds of a preview."""
        self.is_preview = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read who is served and the pages, decide what is shown, and teach Markdown our references."""
        fault = self._reread_sources()
        docs = Path(config.docs_dir)
        written = read_pages(docs)
        self._judge(written, docs, fault)
        self.pages = published(written)
        if self.is_preview:
            self.pages = {key: preview.shown(page) for key, page in written.items()}
        self.markup = GuidanceMarkup(self.deployment)
        config.markdown_extensions.append(self.markup)
        config.nav = [{str(language): list(self._menu(docs, language))} for language in _languages(self.pages)]
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Give the pages their addresses, and choose what else is published."""
        if not self.is_preview and not Path(self.config.assets).is_dir():
            raise PluginError(f"{self.config.assets} is missing; `make assets` builds it")
        for file in list(files.documentation_pages()):
            page = self._source(file)
            if page is None:
                files.remove(file)
                continue
            _publish_at(file, page.url)
            if page.audience is Audience.EDITORS:
                file.inclusion = InclusionLevel.NOT_IN_NAV
        self._choose_theme_files(files)
        _add_folder(files, "static/shared", Path(self.config.shared), config)
        _add_folder(files, "static/assets", Path(self.config.assets), config)
        return files

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        """What every template may use."""
        shared = jinja2.PrefixLoader({"shared": jinja2.FileSystemLoader(self.config.shared)})
        env.loader = jinja2.ChoiceLoader([loader for loader in (env.loader, shared) if loader])
        env.globals.update(stylesheet=self.stylesheet, labels=labels, languages=tuple(Language))
        return env

    def on_page_read_source(self, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Only we read the front matter; MkDocs would take what it cannot read for text."""
        return f"\n{self._page(page).body}"

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Turn to this page, and fill in the facts of its title and description too."""
        source = self.markup.page = self._page(page)
        page.meta = dict(source.meta)
        page.meta.update({key: filled(source.meta[key], source) for key in ("title", "description")})
        return markdown

    def on_page_context(
        self, context: TemplateContext, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """What the page's template reads."""
        source = self._page(page)
        own = {
            "language": source.language,
            "masthead": page_masthead(source, self.pages, demo=self.deployment.demo),
            "page_list": self._page_list(nav, source.language, page),
            "review_date": _in_words(source.meta["review_by"], source.language),
            "report_url": report_url(source, self.pages),
            "paper": paper_foot(
                source, self.deployment, site_url=config.site_url, built_on=get_build_datetime().date()
            ),
            "is_for_editors": source.audience is Audience.EDITORS,
            "band": preview.band(source),
            "notices": self.notices.get((source.language, source.path), ()),
        }
        cast("dict[str, Any]", context).update(own)
        return context

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """The chooser, "not found" and the sitemap belong to no language."""
        language = self.deployment.municipalities[0].default_language
        own = {
            "language": language,
            "masthead": bare_masthead(language, demo=self.deployment.demo),
            "front_pages": front_pages(self.pages),
            "source_pages": {key: page for key, page in self.pages.items() if page.audience is Audience.CITIZENS},
        }
        cast("dict[str, Any]", context).update(own)
        return context

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """One search index per language, and a stylesheet that the content policy lets through whole."""
        split_index(Path(config.site_dir), self.pages)
        drop_pictures(Path(config.site_dir) / self.stylesheet.lstrip("/"))

    def _source(self, file: File) -> Page | None:
        """The page in that file; None when it is not shown, or is no page."""
        language, _, path = file.src_uri.partition("/")
        return self.pages.get((Language(language), path)) if language in list(Language) else None

    def _page(self, page: MkDocsPage) -> Page:
        source = self._source(page.file)
        assert source is not None, page.file.src_uri
        return source

    def _reread_sources(self) -> str | None:
        """Read facts and municipalities. A preview that has started goes on with the old ones, and tells the fault."""
        fault = preview.reread_rules() if self.is_preview else None
        try:
            deployment = load_deployment(Path(self.config.deployment))
        except BadDeployment as error:
            fault = str(error)
        else:
            self.deployment = deployment
        if fault and not (self.is_preview and hasattr(self, "deployment")):
            raise PluginError(fault)
        return fault

    def _judge(self, pages: Pages, docs: Path, fault: str | None) -> None:
        """Tell what is wrong with the pages: on the pages themselves in a preview, else by stopping."""
        found = check_written(pages, docs=docs, today=date.today())
        if self.is_preview:
            self.notices = preview.notices(pages, found, fault=fault)
        elif wrong := errors(found):
            raise PluginError("\n".join(["the guidance cannot be published:", *map(str, wrong)]))
        for one in found:
            log.info(str(one))

    def _menu(self, docs: Path, language: Language) -> Iterator[str | dict[str, list[str]]]:
        """The language's part of the navigation as MkDocs reads it."""
        menu = read_menu(docs, language)
        shown = [path for its, path in self.pages if its is language]
        for group in arranged(menu, shown):
            paths = [f"{language}/{item.path}" for item in group.items]
            if group.heading is None:
                yield from paths
            else:
                yield {group.heading: paths}
        listed = {item.path for item in menu.items}
        if self.is_preview and (rest := [f"{language}/{path}" for path in shown if path not in listed]):
            yield {preview.OUTSIDE_MENU: rest}

    def _page_list(self, nav: Navigation, language: Language, current: MkDocsPage) -> tuple[Entry, ...]:
        for section in nav.items:
            if isinstance(section, NavSection) and section.title == language:
                return tuple(self._entry(item, current) for item in section.children)
        return ()

    def _entry(self, item: Any, current: MkDocsPage) -> Entry:
        if isinstance(item, NavSection):
            return Entry(title=item.title, children=tuple(self._entry(child, current) for child in item.children))
        source = self._page(item)
        mark = "" if source.is_published else preview.UNPUBLISHED_MARK
        title = f"{item.title}{mark}"
        return Entry(title=title, url=f"/{item.url}", is_current=item is current, other_language=other_language(source))

    def _choose_theme_files(self, files: Files) -> None:
        """Of Material's 1.5 MB of scripts, maps and pictures, pages need one stylesheet."""
        for file in list(files):
            if file.src_uri.startswith("assets/"):
                if file.src_uri.startswith(MATERIAL_STYLES) and file.src_uri.endswith(".css"):
                    self.stylesheet = "/" + file.url
                else:
                    files.remove(file)
            elif file.src_uri == PREVIEW_STYLES and not self.is_preview:
                files.remove(file)


def _languages(pages: Pages) -> list[Language]:
    return [language for language in Language if any(its is language for its, _ in pages)]


def _in_words(day: date | None, language: Language) -> str:
    with use(language):
        return format_date(day) if day else "–"


def _publish_at(file: File, url: str) -> None:
    file.dest_uri = f"{url.strip('/')}/index.html"
    # MkDocs keeps these from when they were first asked for.
    for derived in ("url", "abs_dest_path"):
        vars(file).pop(derived, None)


def _add_folder(files: Files, address: str, folder: Path, config: MkDocsConfig) -> None:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and path.suffix != ".html" and not inside.name.startswith("."):
            files.append(File.generated(config, f"{address}/{inside.as_posix()}", abs_src_path=str(path)))
