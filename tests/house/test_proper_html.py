"""What our tests call proper HTML: the faults they are there to find are found."""

import pytest
from proper_html import Mended, parsed
from turbohtml import HTMLParseError

PAGE = (
    '<!doctype html>\n<html lang="nb">\n<head><meta charset="utf-8"><title>A</title></head>\n<body>\n<main>{}</main>\n'
    "</body>\n</html>\n"
)


def test_what_is_written_is_what_a_browser_has() -> None:
    written = (
        '<p class="x">Ett &amp; annet <b>her</b> <i>der</i> &lt;tre&gt;</p><textarea>\n\nA\n</textarea><br>'
        '<select><optgroup label="A"><option value="1" selected>En</option></optgroup></select>'
        "<table><tbody><tr><td>1</td></tr></tbody></table>"
    )
    tree = parsed(PAGE.format(written))
    assert (tree.tag, tree.get("lang")) == ("html", "nb")
    assert "".join(tree.find(".//p").itertext()) == "Ett & annet her der <tre>"  # type: ignore[union-attr]
    assert tree.findtext(".//textarea") == "\nA\n"
    assert [cell.text for cell in tree.iter("td")] == ["1"]
    assert next(tree.iter("option")).get("selected") == ""


@pytest.mark.parametrize(
    "fault",
    [
        "<p>",
        "</p>",
        "<p>A<p>B</p>",
        "<p><div>A</div></p>",
        "<b><i>A</b></i>",
        "<div/>",
        "<a href='/'><a href='/'>A</a></a>",
        "<button><button>A</button></button>",
        "<form><form></form></form>",
        "<ul><li>A<li>B</li></ul>",
        "<table><tr><td>A</td></tr></table>",
        "<table>A<tbody><tr><td>B</td></tr></tbody></table>",
        "<td>A</td>",
        "<h1><h2>A</h2></h1>",
        "<body>",
        "<head></head>",
        "<html lang='nn'>",
        "<select><b>A</b></select>",
        "<textarea>",
        "<style>",
        '<p id="a" id="b">A</p>',
        '<p class="a"id="b">A</p>',
        "<p a<b>A</p>",
        "<p title=a'b>A</p>",
        "A & B",
        "A &nothing; B",
        "A &amp B",
        "A &notit; B",
        "&#0;",
        "A < B",
        "</>",
        "<?php ?>",
        "<!-- A",
        "<! A >",
        "A\x00B",
        "</br>",
        "<input></input>",
        "</body>",
    ],
)
def test_what_is_mended_is_a_fault(fault: str) -> None:
    with pytest.raises((Mended, HTMLParseError)):
        parsed(PAGE.format(fault))


@pytest.mark.parametrize(
    "page",
    [
        PAGE.removeprefix("<!doctype html>").format("A"),
        PAGE.replace("doctype html", "doctype htm").format("A"),
        PAGE.replace("</main>", "").format("A"),
        PAGE.replace("</title>", "").format("A"),
        PAGE.replace("</head>", "").format("A"),
    ],
)
def test_so_is_a_page_that_lacks_a_part(page: str) -> None:
    with pytest.raises((Mended, HTMLParseError)):
        parsed(page)
