// Files dropped or chosen: sent two at a time, with progress, and again later when the service is full.

import { send } from "./api.js";
import { byId, element } from "./dom.js";

const AT_ONCE = 2;
const batch = { waiting: [], sending: 0, files: 0, done: 0, bytes: 0, moved: new Map() };

/** @param {(uids: string[]) => void} received hears the SOP Instance UIDs of what was received */
export function acceptFiles(received) {
  const queue = (files) => add(files, received);
  byId("choose-files").addEventListener("click", () => byId("files").click());
  byId("choose-folder").addEventListener("click", () => byId("folder").click());
  for (const input of [byId("files"), byId("folder")]) {
    input.addEventListener("change", () => {
      queue([...input.files]);
      input.value = "";
    });
  }
  acceptDrops(queue);
}

function acceptDrops(queue) {
  const curtain = byId("curtain");
  let depth = 0;
  const show = (change) => {
    depth = Math.max(0, depth + change);
    curtain.hidden = depth === 0;
  };
  addEventListener("dragenter", (event) => { event.preventDefault(); show(1); });
  addEventListener("dragleave", () => show(-1));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", async (event) => {
    event.preventDefault();
    show(-depth);
    queue(await filesOf(event.dataTransfer));
  });
}

/** All files of a drop, those in folders too. The entries must be taken before the first await. */
async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return [...transfer.files];
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry) {
  if (entry.name.startsWith(".")) return [];
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    // A folder is told in portions; an empty one is the last.
    const portion = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return (await Promise.all(found.map(filesIn))).flat();
    found.push(...portion);
  }
}

function add(files, received) {
  if (files.length === 0) return;
  if (batch.waiting.length + batch.sending === 0) begin();
  batch.waiting.push(...files);
  batch.files += files.length;
  batch.bytes += files.reduce((sum, file) => sum + file.size, 0);
  show();
  while (batch.sending < AT_ONCE && batch.waiting.length) next(received);
}

function begin() {
  Object.assign(batch, { files: 0, done: 0, bytes: 0, moved: new Map() });
  byId("upload-problems").replaceChildren();
  byId("progress").hidden = false;
}

async function next(received) {
  const file = batch.waiting.shift();
  if (!file) return;
  batch.sending += 1;
  try {
    const answer = await persist(file);
    tellProblems(file, answer.instances);
    received(answer.instances.filter((one) => one.location).map((one) => one.sop_instance_uid));
  } catch (problem) {
    tell(file.name, problem.message);
  }
  batch.sending -= 1;
  batch.done += 1;
  batch.moved.set(file, file.size);
  show();
  next(received);
}

/** Send until the service takes all of it: what it took already is a duplicate the next time. */
async function persist(file) {
  for (;;) {
    let pause = null;
    try {
      const answer = await send(file, (bytes) => { batch.moved.set(file, bytes); show(); });
      if (!answer.instances.some((one) => [503, 507].includes(one.problem?.status))) return answer;
      pause = 2;
    } catch (problem) {
      if (problem.retryAfter === null) throw problem;
      pause = problem.retryAfter;
    }
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
  }
}

function tellProblems(file, instances) {
  for (const one of instances) {
    const words = one.receipt === "own-result" ? "A result of Hilum's own: it is not read." : one.problem?.detail;
    if (words) tell(one.entry === null ? file.name : `${file.name}, entry ${one.entry}`, words);
  }
}

function tell(name, words) {
  byId("upload-problems").append(element("li", {}, element("b", { text: name }), element("span", { text: words })));
}

function show() {
  const moved = [...batch.moved.values()].reduce((sum, bytes) => sum + bytes, 0);
  byId("progress-bar").value = batch.bytes ? moved / batch.bytes : 0;
  const size = `${megabytes(moved)} of ${megabytes(batch.bytes)} MB`;
  const files = `${batch.done} of ${batch.files} ${batch.files === 1 ? "file" : "files"} sent`;
  byId("progress-words").textContent = `${files} · ${size}`;
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
