"""How tests end what they opened in the browser."""

import asyncio
import contextlib

from playwright.sync_api import BrowserContext

LIMIT = 30  # s


def close(context: BrowserContext) -> None:
    """Close it, or leave it to the end of the browser.

    Chromium now and then never says that a context is closed, and Playwright waits for that without
    an end.
    """
    with contextlib.suppress(TimeoutError):
        context._sync(asyncio.wait_for(context._impl_obj.close(None), LIMIT))
