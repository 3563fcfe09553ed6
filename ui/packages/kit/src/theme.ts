// Dark or light: as the system says, until a person at this screen says otherwise.
const KEY = "liangcang.theme";

type Theme = "dark" | "light";

/** What is shown now. */
export function themeOf(page: Window): Theme {
  return page.document.documentElement.dataset["theme"] === "dark" ? "dark" : "light";
}

function show(page: Window, theme: Theme): void {
  page.document.documentElement.dataset["theme"] = theme;
}

/** Follows the system, or the choice kept from before. */
export function useSystemTheme(page: Window): void {
  const system = page.matchMedia("(prefers-color-scheme: dark)");
  const follow = (): void => {
    const kept = page.localStorage.getItem(KEY);
    show(page, kept === "dark" || kept === "light" ? kept : system.matches ? "dark" : "light");
  };
  system.addEventListener("change", follow);
  follow();
}

/** Turns to the other one and keeps it. */
export function turnTheme(page: Window): Theme {
  const theme = themeOf(page) === "dark" ? "light" : "dark";
  page.localStorage.setItem(KEY, theme);
  show(page, theme);
  return theme;
}
