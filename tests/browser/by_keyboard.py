"""A page as the Tab key walks it, from one end to the other."""

from playwright.sync_api import Page

# Everything the Tab key should reach, in the order of the page. What is closed or hidden is not reached, and of radio
# buttons with one name only the one that is chosen, else the first.
_LISTEN = """() => {
    const isStop = one => {
        if (one.disabled || one.closest("[inert]") || !one.checkVisibility({visibilityProperty: true})) return false;
        if (one.type !== "radio") return true;
        const group = [...document.getElementsByName(one.name)].filter(other => other.form === one.form);
        return one === (group.find(other => other.checked) || group[0]);
    };
    const listens = "stops" in window;
    window.stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
        .filter(isStop);
    // What has had the focus last is where the Tab key goes on from.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    window.reached = [];
    if (!listens) document.addEventListener("focusin", ({target}) => {
        const {outlineStyle, outlineWidth} = getComputedStyle(target);
        const box = target.getBoundingClientRect();
        const isInWindow = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
        const isRinged = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
        const what = target.outerHTML.slice(0, 120);
        window.reached.push([window.stops.indexOf(target), isInWindow && isRinged, what]);
    });
    return window.stops.map(one => one.outerHTML.slice(0, 120));
}"""
# Where the eye goes another way than the Tab key.
_OUT_OF_ORDER = """() => [...document.querySelectorAll("body *")].filter(one => {
    const {order, flexDirection, flexWrap} = getComputedStyle(one);
    return order !== "0" || flexDirection.endsWith("reverse") || flexWrap.endsWith("reverse") || one.tabIndex > 0;
}).map(one => `another order to the eye: ${one.outerHTML.slice(0, 120)}`)"""


def tab_faults(page: Page) -> list[str]:
    """Where the Tab key skips something, shows no ring, leaves the window or never comes out of the page that is open.

    It begins at the top, wherever the focus was: a browser that is tabbed past the end may lose a step.
    """
    stops: list[str] = page.evaluate(_LISTEN)
    for unused_press in range(len(stops) + 1):
        page.keyboard.down("Tab")
    page.keyboard.up("Tab")
    reached: list[tuple[int, bool, str]] = page.evaluate("window.reached")
    order = [at for at, *unused_rest in reached]
    number = len(stops)
    faults = [f"unseen: {what}" for unused_at, is_seen, what in reached if not is_seen]
    faults += [f"never reached: {stops[at]}" for at in range(number) if at not in order]
    if order[:number] != list(range(number)):
        faults.append("not in the order of the page")
    if order[number:] not in ([], [0]):
        faults.append("ends in a trap")
    out_of_order: list[str] = page.evaluate(_OUT_OF_ORDER)
    return faults + out_of_order


def skip_faults(page: Page) -> list[str]:
    """Whether the first stop of a page that was just opened leads past its frame."""
    page.keyboard.press("Tab")
    if not page.evaluate("document.activeElement.matches('.skip-link')"):
        return ["the first stop is no way past the frame"]
    page.keyboard.press("Enter")
    return [] if page.evaluate("document.activeElement.id === 'content'") else ["the way past the frame leads nowhere"]
