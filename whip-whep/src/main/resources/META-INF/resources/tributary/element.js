// SPDX-License-Identifier: Apache-2.0
// Pieces of page, made without markup: text from elsewhere is only ever text.

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string>} [attributes]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(name, attributes = {}, text) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  if (text !== undefined) {
    node.textContent = text;
  }
  return node;
}

/**
 * @param {string} text what it says, and what a screen reader reads unless `name` is given
 * @param {() => void} pressed
 * @param {{part?: string, name?: string}} [options]
 */
export function button(text, pressed, { part = "button", name } = {}) {
  const node = element("button", { type: "button", part, ...(name ? { "aria-label": name } : {}) }, text);
  node.addEventListener("click", (event) => {
    event.stopPropagation();
    pressed();
  });
  return node;
}

/**
 * Sets a text only when it changes: a screen reader reads what is set.
 * @param {HTMLElement} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
  node.hidden = text === "";
}
