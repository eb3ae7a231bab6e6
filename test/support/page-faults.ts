import type { Page } from "playwright-core";

// Faults of a page at rest that axe does not report. Each returns a list of texts, empty when all is well.

/** Runs in the page. Helpers for the checks below. */
const inPage = `
  const controls = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=checkbox]",
  )].filter(
    (it) =>
      it.checkVisibility({ visibilityProperty: true }) &&
      it.closest("dialog[open]") === document.querySelector("dialog[open]"),
  );
  const told = (text) => text.replace(/\\s+/g, " ").trim();
  const textOf = (node) => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    let text = "";
    while (walker.nextNode() !== null) {
      const { parentElement: at, data } = walker.currentNode;
      if (at.closest(".visually-hidden, option") === null && at.checkVisibility()) text += data + " ";
    }
    return told(text);
  };
`;

/**
 * Controls whose accessible name does not contain the text that is seen on them or on their label (WCAG 2.5.3):
 * a person who speaks to the device says what is seen. Needs axe in the page.
 */
export const nameFaults = async (page: Page): Promise<string[]> =>
  (await page.evaluate(`(() => {
    ${inPage}
    const plain = (text) => text.replace(/\\s/g, "").toLowerCase();
    axe.setup(document.documentElement);
    try {
      return controls.flatMap((it) => {
        const name = axe.commons.text.accessibleText(it);
        const labels = it.labels === undefined || it.labels === null ? [] : [...it.labels];
        const seen = it.matches("input, select") ? labels.map(textOf).join(" ") : textOf(it);
        if (told(name) === "") return ["no name: " + it.outerHTML];
        return plain(name).includes(plain(seen)) ? [] : ["seen: " + seen + ", named: " + name];
      });
    } finally {
      axe.teardown();
    }
  })()`)) as string[];

/** Content that is wider than the screen, controls that overlap, and disabled ones that look like the others. */
export const layoutFaults = async (page: Page): Promise<string[]> =>
  (await page.evaluate(`(() => {
    ${inPage}
    const { scrollWidth, clientWidth } = document.documentElement;
    const faults = [];
    if (scrollWidth > clientWidth) {
      const wide = [...document.querySelectorAll("body *")]
        .filter((it) => it.getBoundingClientRect().right > clientWidth + 1)
        .map((it) => it.tagName + "." + it.getAttribute("class") + " " + Math.round(it.getBoundingClientRect().right - clientWidth) + " " + it.textContent.slice(0, 30));
      faults.push((scrollWidth - clientWidth) + " px too wide: " + wide.slice(-6).join(" | "));
    }
    for (const it of controls)
      for (const label of it.labels ?? [])
        if (label.contains(it) && it.getBoundingClientRect().right > label.getBoundingClientRect().right + 1)
          faults.push("wider than its label: " + it.outerHTML.slice(0, 80));
    for (const it of controls)
      if (it.matches("button:disabled, .button[aria-disabled=true]") && getComputedStyle(it).opacity === "1")
        faults.push("looks alive: " + it.outerHTML.slice(0, 80));
    const isLaidOver = (it) => {
      for (let at = it; at !== null; at = at.parentElement)
        if (["sticky", "fixed"].includes(getComputedStyle(at).position)) return true;
      return it.closest("dialog") !== null;
    };
    // The part of it that is not scrolled out of sight.
    const shownBox = (it) => {
      let { left, top, right, bottom } = it.getBoundingClientRect();
      for (let at = it.parentElement; at !== null; at = at.parentElement) {
        if (getComputedStyle(at).overflow === "visible") continue;
        const frame = at.getBoundingClientRect();
        [left, top] = [Math.max(left, frame.left), Math.max(top, frame.top)];
        [right, bottom] = [Math.min(right, frame.right), Math.min(bottom, frame.bottom)];
      }
      return { left, top, right, bottom };
    };
    const boxes = controls.filter((it) => !isLaidOver(it)).map((it) => [it, shownBox(it)]);
    boxes.forEach(([one, a], n) => {
      for (const [other, b] of boxes.slice(n + 1)) {
        if (one.contains(other) || other.contains(one)) continue;
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (width > 1 && height > 1)
          faults.push(one.outerHTML.slice(0, 80) + " overlaps " + other.outerHTML.slice(0, 80));
      }
    });
    return faults;
  })()`)) as string[];

/** Layout faults with text of twice the size (WCAG 1.4.4). */
export const largeTextFaults = async (page: Page): Promise<string[]> => {
  // The page is drawn again before the test goes on, which may watch for shifts of the layout.
  const set = (size: string) =>
    page.evaluate(`new Promise((resolve) => {
      document.documentElement.style.fontSize = "${size}";
      requestAnimationFrame(() => requestAnimationFrame(resolve));
    })`);
  await set("200%");
  try {
    return await layoutFaults(page);
  } finally {
    await set("");
  }
};
