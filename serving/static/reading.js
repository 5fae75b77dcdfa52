// The panel on the right: what the reader says, or loudly that it says nothing.

import { byId, element } from "./dom.js";
import { readable } from "./worklist.js";

/** Findings in the order of the panel: present first (experimental after proven), then by odds over the threshold. */
export function ordered(findings) {
  const odds = (f) => (f.probability / (1 - f.probability + 1e-9)) * ((1 - f.threshold) / (f.threshold + 1e-9));
  const rank = (f) => (f.present ? 2 : 0) + (f.present && !f.experimental ? 1 : 0);
  return [...findings].sort((a, b) => rank(b) - rank(a) || odds(b) - odds(a));
}

/** Show a reading; `toggle(name)` is called for the finding that is clicked. */
export function showReading(row, reading, shown, toggle) {
  const parts = [heading(row, reading)];
  if (reading === null) parts.push(element("p", { class: "waiting", text: "Being read…" }));
  else if (reading.state === "refused") parts.push(refusal(reading.refusal));
  else if (reading.state === "failed") parts.push(failure(reading.failure));
  else parts.push(...findings(reading, shown, toggle));
  byId("reading").replaceChildren(...parts);
}

export function showNothing() {
  byId("reading").replaceChildren();
}

function heading(row, reading) {
  const { patient } = row.study;
  const person = [patient.patient_id, patient.sex, birth(patient.birth_date)].filter(Boolean).join(" · ");
  const made = reading ? `${reading.reader}${time(reading)}` : "";
  return element("header", { class: "reading-head" },
    element("h2", { text: patient.name || "No name stated" }),
    element("p", { class: "person", text: person }),
    element("p", { class: "made", text: made }),
    ...flags(row),
  );
}

/** What somebody must look into before they rely on whose radiograph this is. */
function flags(row) {
  const words = [];
  if (row.study.flags.includes("shared-study-uid")) words.push("Images of another patient bear the same Study Instance UID.");
  if (row.conflicts > 0) words.push("Other content came under this SOP Instance UID; it is kept aside, the first one is shown.");
  return words.map((text) => element("p", { class: "flag", role: "alert", text: `⚠ ${text}` }));
}

function birth(date) {
  return /^\d{8}$/.test(date) ? `born ${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : "";
}

function time(reading) {
  const { queue, ...stages } = reading.timings_ms;
  const total = Object.values(stages).reduce((sum, ms) => sum + ms, 0);
  return reading.state === "read" ? ` · read in ${Math.round(total)} ms` : "";
}

function refusal({ code, reason }) {
  return loud("NOT READ", `Refused: ${code}`, reason);
}

function failure(reason) {
  return loud("NOT READ", "We failed", reason);
}

function loud(title, what, reason) {
  return element("section", { class: "loud", role: "alert" },
    element("h3", { text: title }),
    element("p", { class: "loud-what", text: what }),
    element("p", { text: reason }),
    element("p", { class: "loud-end", text: "Nothing is said about this radiograph. It needs a radiologist's eyes." }),
  );
}

function findings(reading, shown, toggle) {
  const rows = ordered(reading.findings).map((finding, n) => findingRow(finding, n, finding.name === shown, toggle));
  return [
    summary(reading.findings),
    ...reading.gate.corrections.map((text) => element("p", { class: "corrected", text: `Corrected: ${text}` })),
    element("ul", { class: "findings" }, ...rows),
    element("div", { class: "small" }, checks(reading.gate), steps(reading.steps), copy(reading.radiograph)),
  ];
}

function summary(all) {
  const present = all.filter((finding) => finding.present).length;
  if (present === 0) {
    const words = "No finding reaches its threshold. That does not exclude disease.";
    return element("p", { class: "summary", text: words });
  }
  const words = `${present} ${present === 1 ? "finding reaches its" : "findings reach their"} threshold`;
  return element("p", { class: "summary is-present", text: words });
}

function findingRow(finding, number, isShown, toggle) {
  const { name, probability, present, experimental } = finding;
  const options = {
    type: "button",
    class: `finding${present ? " is-present" : ""}${isShown ? " is-shown" : ""}`,
    "aria-pressed": String(isShown),
    "data-finding": name,
    title: `Show or hide where ${readable(name)} was seen`,
    click: () => toggle(name),
  };
  return element("li", {}, element("button", options,
    element("span", { class: "finding-key", text: number < 9 ? String(number + 1) : "" }),
    element("span", { class: "finding-name" },
      element("span", { class: "finding-mark", text: present ? "●" : "○", "aria-hidden": "true" }),
      document.createTextNode(readable(name)),
      experimental ? element("em", { text: present ? "experimental" : "exp.", title: "experimental" }) : null,
    ),
    element("span", { class: "finding-number", text: probability.toFixed(2) }),
    bar(finding),
    element("span", { class: "finding-point", text: pointWords(finding) }),
  ));
}

function bar({ probability, threshold }) {
  const words = `probability ${probability.toFixed(2)}, threshold ${threshold.toFixed(2)}`;
  const fill = element("i", { class: "bar-fill" });
  const tick = element("i", { class: "bar-tick" });
  fill.style.width = `${probability * 100}%`;
  tick.style.left = `${threshold * 100}%`;
  return element("span", { class: "bar-track", role: "img", "aria-label": words, title: words }, fill, tick);
}

function pointWords({ threshold, operating_point: point }) {
  return `At ${threshold.toFixed(2)} and above: ${point.sentence}`;
}

function checks(gate) {
  const rows = [
    ["upright", gate.upright.toFixed(2)],
    ["inverted", gate.inverted.toFixed(2)],
    ["mirrored", gate.mirrored.toFixed(2)],
    ["child", gate.child.toFixed(2)],
    ["distance from training", `${gate.distance.toFixed(1)} of at most ${gate.distance_limit.toFixed(1)}`],
  ];
  const cells = rows.flatMap(([name, value]) => [element("dt", { text: name }), element("dd", { text: value })]);
  return element("details", {}, element("summary", { text: "Checks before reading" }), element("dl", {}, ...cells));
}

function copy(picture) {
  if (picture === null) return null;
  return element("p", { text: `Shown as an 8-bit copy of ${picture.columns} × ${picture.rows} pixels` });
}

function steps(all) {
  const items = all.map((text) => element("li", { text }));
  return element("details", {}, element("summary", { text: "What was done to the pixels" }), element("ol", {}, ...items));
}
