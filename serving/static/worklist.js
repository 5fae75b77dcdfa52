// The list on the left: one row for each instance, the newest first.

import { byId, element } from "./dom.js";

/** Rows from `GET /api/studies`, flat: {uid, state, ...}. */
export function rowsOf(studies) {
  return studies.flatMap((study) =>
    study.instances.map((instance) => ({ ...instance, uid: instance.sop_instance_uid, study })),
  );
}

/** Show `rows`; `open(uid)` is called for the one that is clicked. */
export function showList(rows, openUid, open) {
  const list = byId("list");
  const empty = element("p", { class: "list-empty", text: "Nothing received yet." });
  list.setAttribute("aria-activedescendant", openUid ? `item-${openUid}` : "");
  list.replaceChildren(...(rows.length ? rows.map((row) => listItem(row, row.uid === openUid, open)) : [empty]));
}

/** Bring the open row into sight. */
export function scrollToOpen() {
  byId("list").querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
}

function listItem(row, isOpen, open) {
  const options = {
    class: `item is-${row.state}${row.strongest?.present ? " has-present" : ""}`,
    role: "option",
    id: `item-${row.uid}`,
    "aria-selected": String(isOpen),
    "data-uid": row.uid,
    click: () => open(row.uid),
  };
  return element("div", options,
    element("span", { class: "item-name", text: (row.study.flags.length ? "⚠ " : "") + (row.study.patient.name || "No name stated") }),
    element("span", { class: "item-view", text: viewWords(row) }),
    element("span", { class: "item-state", text: stateWords(row) }),
    element("span", { class: "item-date", text: whenWords(row) }),
  );
}

function viewWords(row) {
  return [row.modality, row.view === "unknown" ? "" : row.view].filter(Boolean).join(" ");
}

function stateWords(row) {
  if (row.state === "pending") return "Reading…";
  if (row.state === "refused") return "⊘ Not read";
  if (row.state === "failed") return "⊘ Failed";
  if (!row.strongest) return "Read";
  const { name, probability, present } = row.strongest;
  return present ? `● ${readable(name)} ${probability.toFixed(2)}` : "○ None above threshold";
}

function whenWords(row) {
  const date = row.study.study_date;
  return /^\d{8}$/.test(date) ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : "";
}

/** A finding's name as a person writes it. */
export function readable(name) {
  return name.replaceAll("_", " ");
}
