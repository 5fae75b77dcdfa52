// Jobs that were given up, each with a button that has it tried again.

import { byId, element } from "./dom.js";

/** Show what is dead; nothing is shown when nothing is. */
export function showDeadLetters(letters) {
  byId("dead").hidden = letters.length === 0;
  byId("dead-list").replaceChildren(...letters.map(item));
}

function item(letter) {
  const what = letter.task === "deliver" ? `Delivery to ${letter.destination}` : "Reading";
  const button = element("button", { type: "button", text: "Try again", click: () => replay(letter, button) });
  return element("li", {},
    element("b", { text: letter.kind === "poison" ? `${what}, left alone` : `${what}, given up` }),
    element("span", { text: letter.reason }),
    button,
  );
}

/** The event that follows has the page look again. */
async function replay(letter, button) {
  button.disabled = true;
  await fetch(`/api/dead-letters/${letter.dead_letter_id}/replay`, { method: "POST" });
}
