"""The pictures of the README, taken anew: `python -m tests.browser.pictures http://localhost:8000/`.

Asks a running Ebb in which nobody has an account yet (CONTRIBUTING says how)
and makes the first. Each picture is as sharp as a phone shows it, in as few colours as it needs.
"""

import io
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.conftest import CHROMIUM, CHROMIUM_FLAGS

DOCS = Path(__file__).resolve().parents[2] / "docs"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1180, "height": 1640}
PAPER: ViewportSize = {"width": 704, "height": 1040}  # A4 within its margins
HEAVIEST = 150_000  # bytes of a picture
SEND = "main form button >> nth=-1"


def main(address: str) -> None:
    """Take all four."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        own = opened(browser, PHONE)
        own.goto(f"{address}accounts/signup/")
        own.get_by_label("E-mail").fill(f"{uuid4().hex}@example.org")
        own.get_by_label("Password", exact=True).fill("a few quiet words of my own")
        own.get_by_label("I agree").check()
        own.locator(SEND).click()
        own.goto(f"{address}welcome/3/")
        own.get_by_label("Time zone").select_option(where_it_is_evening())
        own.get_by_role("button", name="Go on").click()
        own.goto(f"{address}today/")
        for tile in ("eyelid-l", "calf-l"):
            own.locator(f"#tile-{tile}").click()
            own.locator(".tile-wrap.is-noted", has=own.locator(f"#tile-{tile}")).wait_for()
        keep(own, "today")
        own.goto(f"{address}log/")
        for place in ("calf-l", "shin-r"):
            own.locator(f"[data-loc={place}]").first.click()
        keep(own, "log")
        sample = opened(browser, DESK, sharp=1.5)
        sample.goto(address)
        sample.get_by_role("button", name="Look around first").click()
        sample.locator("#card-h").wait_for(timeout=60_000)  # the summary is being worked out
        sample.wait_for_load_state("networkidle")
        keep(sample, "weekly-summary")
        report = opened(browser, PAPER, sharp=1.5, storage_state=sample.context.storage_state())
        report.emulate_media(media="print")
        report.goto(f"{address}report/")
        keep(report, "report", "#sheet")
        browser.close()


def where_it_is_evening() -> str:
    """A time zone in which it is between eight and nine: a day that has been lived."""
    inhabited = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Pacific/")
    return next(
        zone
        for zone in sorted(available_timezones())
        if zone.startswith(inhabited) and datetime.now(ZoneInfo(zone)).hour == 20
    )


def opened(browser: Browser, size: ViewportSize, sharp: float = 2, **more: Any) -> Page:
    """A page in light, with so many dots for each of its own."""
    return browser.new_page(viewport=size, device_scale_factor=sharp, locale="en-GB", **more)


def keep(page: Page, name: str, part: str | None = None) -> None:
    """Save what the page shows, or a part of it, in fewer colours until it is light enough."""
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    taken = page.locator(part).screenshot() if part else page.screenshot()
    full = Image.open(io.BytesIO(taken)).convert("RGB")
    if part:
        full = ImageOps.expand(full, border=48, fill="white")  # the margin of the paper
    for colours in (128, 64, 32, 16):
        file = io.BytesIO()
        full.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        if file.tell() <= HEAVIEST:
            (DOCS / f"{name}.png").write_bytes(file.getvalue())
            print(f"{name}: {full.size}, {colours} colours, {file.tell()} bytes")
            return
    raise SystemExit(f"{name} stays heavier than {HEAVIEST} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
