// Which line a page has: the desktop window's own, or the LAN host it was loaded from.
import { httpTransport } from "./http";
import { tauriTransport } from "./tauri";
import type { Transport } from "./transport";

/** The line of this page. */
export function chooseTransport(page: Window): Transport {
  return "__TAURI_INTERNALS__" in page ? tauriTransport() : httpTransport(page.document.baseURI);
}
