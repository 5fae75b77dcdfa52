// The page: what is open, what is asked of the service, and which key does what.

import { get } from "./api.js";
import { byId } from "./dom.js";
import { followSlider, showOverlay, showRadiograph } from "./radiograph.js";
import { ordered, showNothing, showReading } from "./reading.js";
import { showDeadLetters } from "./deadletters.js";
import { acceptFiles } from "./upload.js";
import { rowsOf, scrollToOpen, showList } from "./worklist.js";

const SOON = 120; // milliseconds from the first thing that happened to the next look, so that many are one look
const CUT_OFF = 4000; // milliseconds between looks while the service does not tell what happens

const page = { rows: [], shownRows: "", openUid: null, reading: null, overlay: null, awaited: null, timer: 0 };

async function refresh() {
  clearTimeout(page.timer);
  page.timer = 0;
  try {
    page.rows = rowsOf((await get("/api/studies?limit=100")).studies);
    document.body.classList.remove("is-cut-off");
    await follow();
    listRows();
    showDeadLetters((await get("/api/dead-letters?limit=20")).dead_letters);
  } catch {
    document.body.classList.add("is-cut-off");
    lookIn(CUT_OFF);
  }
}

/** Look again in so many milliseconds; what happens until then is the same look. */
function lookIn(milliseconds) {
  if (page.timer === 0) page.timer = setTimeout(refresh, milliseconds);
}

/** The service tells what happens; after a lost connection it tells to look at everything. */
function listen() {
  const events = new EventSource("/api/events");
  for (const name of ["progress", "everything"]) events.addEventListener(name, () => lookIn(SOON));
  events.addEventListener("error", () => lookIn(CUT_OFF));
}

/** Open what was just sent, and read again what was pending when it was opened. */
async function follow() {
  const row = page.rows.find((one) => one.uid === page.openUid);
  const sent = page.rows.find((one) => one.uid === page.awaited);
  if (sent && page.openUid !== sent.uid) await open(sent.uid);
  else if (row && page.reading === null && row.state !== "pending") await open(row.uid);
  else if (page.openUid === null && page.rows.length) await open(page.rows[0].uid);
  if (sent && sent.state !== "pending") page.awaited = null;
}

function listRows() {
  const now = JSON.stringify([page.rows, page.openUid]);
  if (now === page.shownRows) return;
  page.shownRows = now;
  showList(page.rows, page.openUid, open);
}

async function open(uid) {
  const row = page.rows.find((one) => one.uid === uid);
  Object.assign(page, { openUid: uid, reading: null, overlay: null });
  listRows();
  scrollToOpen();
  const reading = row.state === "pending" ? null : await get(row.reading);
  if (page.openUid !== uid) return; // another one was opened meanwhile
  page.reading = reading;
  showOverlay(null);
  showRadiograph(reading, reading ? "There is no picture of this file: its pixels were not decoded." : "Being read…");
  showPanel();
}

function showPanel() {
  const row = page.rows.find((one) => one.uid === page.openUid);
  if (row) showReading(row, page.reading, page.overlay, toggle);
  else showNothing();
}

/** Show the heatmap of the finding called `name`, or take it away if it is shown. */
function toggle(name) {
  page.overlay = page.overlay === name ? null : name;
  showOverlay(page.reading.findings.find((finding) => finding.name === page.overlay) ?? null);
  const focused = document.activeElement?.dataset?.finding;
  showPanel();
  if (focused) document.querySelector(`[data-finding="${CSS.escape(focused)}"]`)?.focus();
}

function toggleNumber(number) {
  const finding = page.reading?.findings.length ? ordered(page.reading.findings)[number] : undefined;
  if (finding) toggle(finding.name);
}

/** The overlay that is shown goes; otherwise the first finding's comes. */
function toggleAny() {
  if (page.overlay) toggle(page.overlay);
  else toggleNumber(0);
}

function move(step) {
  const at = page.rows.findIndex((row) => row.uid === page.openUid);
  const row = page.rows[Math.min(Math.max(at + step, 0), page.rows.length - 1)];
  if (row && row.uid !== page.openUid) open(row.uid);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isControl = event.target.matches("input, summary, a, button");
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Escape: () => page.overlay && toggle(page.overlay),
    ...(isControl ? {} : { " ": toggleAny }),
  };
  const act = /^[1-9]$/.test(event.key) ? () => toggleNumber(Number(event.key) - 1) : keys[event.key];
  if (!act || event.target.matches("input[type=range]")) return;
  event.preventDefault();
  act();
}

async function showReader() {
  const reader = await get("/api/reader");
  byId("reader").textContent = reader.reader;
  byId("notice").textContent = reader.notice;
  byId("storage").textContent = reader.storage;
  byId("model-card").hidden = reader.model_card === null;
}

addEventListener("keydown", onKey);
byId("overlay-button").addEventListener("click", toggleAny);
followSlider();
acceptFiles((uids) => {
  page.awaited ??= uids[0] ?? null;
  refresh();
});
showReader().catch(() => document.body.classList.add("is-cut-off"));
refresh();
listen();
