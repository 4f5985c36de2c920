"""The glue to MkDocs; what it decides stands in the plain modules beside it."""

from datetime import date
from pathlib import Path
from typing import Any, cast

import jinja2
from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.nav import Section as NavSection
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils.templates import TemplateContext

from forms_app.language import Language, format_date, use
from forms_app.municipality import BadDeployment, Deployment, load_deployment
from guidance.findings import Weight, errors
from guidance.frame import Entry, bare_masthead, front_pages, page_masthead
from guidance.labels import labels
from guidance.markup import GuidanceMarkup, filled
from guidance.pages import Page, Pages, read_pages
from guidance.rules import check_pages
from guidance.search import split_index
from guidance.stylesheet import drop_pictures

log = get_plugin_logger(__name__)

# The one file of Material's that pages load: its stylesheet. Its scripts are replaced by our own.
MATERIAL_STYLES = "assets/stylesheets/main."


class GuidanceConfig(base.Config):  # type: ignore[no-untyped-call]  # MkDocs is typed in part
    """Settings under `plugins: - guidance:` in mkdocs.yml, as paths from that file."""

    deployment = config_options.File(exists=True)
    """portal.toml: the municipalities whose contact cards are shown."""
    shared = config_options.Dir(exists=True)
    """Header, footer and styles in common with the forms: templates, and published under /static/shared."""
    assets = config_options.Dir(exists=True)
    """What `python -m forms_app.web.build_assets` built; published under /static/assets."""


class GuidancePlugin(BasePlugin[GuidanceConfig]):  # type: ignore[no-untyped-call]
    """Publishes `docs/` by our own rules: addresses, languages, facts, search."""

    deployment: Deployment
    markup: GuidanceMarkup
    pages: Pages
    stylesheet: str

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read who is served, and teach Markdown our references."""
        try:
            self.deployment = load_deployment(Path(self.config.deployment))
        except BadDeployment as error:
            raise PluginError(str(error)) from error
        self.markup = GuidanceMarkup(self.deployment)
        config.markdown_extensions.append(self.markup)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Check the pages, give them their addresses, and choose what else is published."""
        self.pages = read_pages(Path(config.docs_dir))
        self._report()
        for page in self.pages.values():
            file = files.get_file_from_path(f"{page.language}/{page.path}")
            if file is not None:
                _publish_at(file, page.url)
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

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Turn to this page, and fill in the facts of its title and description too."""
        self.markup.page = self._source(page)
        page.meta.update({key: filled(page.meta[key], self.markup.page) for key in ("title", "description")})
        return markdown

    def on_page_context(
        self, context: TemplateContext, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """What the page's template reads."""
        source = self._source(page)
        top = page_masthead(source, self.pages, demo=self.deployment.demo)
        with use(source.language):
            review_date = format_date(source.meta["review_by"])
        page_list = _page_list(nav, source.language, page)
        own = {
            "language": source.language,
            "masthead": top,
            "page_list": page_list,
            "review_date": review_date,
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
            "source_pages": self.pages,
        }
        cast("dict[str, Any]", context).update(own)
        return context

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """One search index per language, and a stylesheet that the content policy lets through whole."""
        split_index(Path(config.site_dir))
        drop_pictures(Path(config.site_dir) / self.stylesheet.lstrip("/"))

    def _source(self, page: MkDocsPage) -> Page:
        language, _, path = page.file.src_uri.partition("/")
        return self.pages[Language(language), path]

    def _report(self) -> None:
        found = check_pages(self.pages, today=date.today())
        for one in found:
            if one.weight is Weight.NOTE:
                log.info(str(one))
        if wrong := errors(found):
            raise PluginError("\n".join(["the guidance cannot be published:", *map(str, wrong)]))

    def _choose_theme_files(self, files: Files) -> None:
        """Of Material's 1.5 MB of scripts, maps and pictures, pages need one stylesheet."""
        for file in list(files):
            if file.src_uri.startswith("assets/"):
                if file.src_uri.startswith(MATERIAL_STYLES) and file.src_uri.endswith(".css"):
                    self.stylesheet = "/" + file.url
                else:
                    files.remove(file)


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


def _page_list(nav: Navigation, language: Language, current: MkDocsPage) -> tuple[Entry, ...]:
    for section in nav.items:
        if isinstance(section, NavSection) and section.title == language:
            return tuple(_entry(item, current) for item in section.children)
    return ()


def _entry(item: Any, current: MkDocsPage) -> Entry:
    if isinstance(item, NavSection):
        return Entry(title=item.title, children=tuple(_entry(child, current) for child in item.children))
    return Entry(title=item.title, url=f"/{item.url}", is_current=item is current)
