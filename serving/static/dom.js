// Building the page without markup in strings: text is always text, whatever a file says.

/**
 * A new element; `options` may hold class, text, title and any attribute.
 * @param {string} tag
 * @param {Record<string, string | boolean | EventListener>} [options]
 * @param {...(Node | null)} children
 */
export function element(tag, options = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "class") made.className = value;
    else if (name === "text") made.textContent = value;
    else if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** The element with this id, which must be in index.html. */
export function byId(id) {
  return document.getElementById(id);
}
