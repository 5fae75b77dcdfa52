// The picture in the middle, and the heatmap over it once it is asked for.

import { byId } from "./dom.js";
import { readable } from "./worklist.js";

/** Show the radiograph of a reading, without overlay; `null` clears the stage, with `words` if there are any. */
export function showRadiograph(reading, words) {
  const picture = reading?.radiograph ?? null;
  byId("film").hidden = picture === null;
  byId("tools").hidden = picture === null;
  byId("empty").hidden = picture !== null;
  byId("empty").textContent = words ?? "";
  const image = byId("radiograph");
  if (picture === null) {
    image.removeAttribute("src");
    return;
  }
  if (image.getAttribute("src") !== picture.picture) image.src = picture.picture;
}

/** Lay the heatmap of `finding` over the radiograph; `null` takes it away. */
export function showOverlay(finding) {
  const overlay = byId("overlay");
  const isOn = finding !== null;
  for (const id of ["overlay", "slider", "legend"]) byId(id).hidden = !isOn;
  byId("overlay-button").setAttribute("aria-pressed", String(isOn));
  byId("overlay-words").textContent = isOn ? readable(finding.name) : "off";
  overlay.alt = isOn ? `Where ${readable(finding.name)} was seen` : "";
  if (isOn) overlay.src = `${finding.heatmap}?style=colour&width=1024`;
  else overlay.removeAttribute("src");
}

/** Let the slider set how strong the overlay is. */
export function followSlider() {
  const slider = byId("opacity");
  slider.addEventListener("input", () => { byId("overlay").style.opacity = String(slider.value / 100); });
}
