// What the page asks of the service.

/** An answer that is a problem document (RFC 9457). */
export class Problem extends Error {
  constructor(document, retryAfter) {
    super(document.detail ?? document.title ?? "The service did not answer.");
    this.document = document;
    this.retryAfter = retryAfter;
  }
}

export async function get(path) {
  const response = await fetch(path);
  const answer = await response.json();
  if (!response.ok) throw new Problem(answer, null);
  return answer;
}

/**
 * Send one file; `moved(bytes)` hears how many bytes have left.
 * @param {File} file
 * @param {(bytes: number) => void} moved
 */
export function send(file, moved) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("files", file, "radiograph"); // the name stays here: it may name the patient
    request.open("POST", "/api/instances");
    request.responseType = "json";
    request.upload.onprogress = (event) => moved(Math.min(event.loaded, file.size));
    request.onerror = () => reject(new Problem({ detail: "The service cannot be reached." }, null));
    request.onload = () => {
      const answer = request.response ?? {};
      if (request.status < 300) resolve(answer);
      else reject(new Problem(answer, Number(request.getResponseHeader("Retry-After")) || null));
    };
    request.send(body);
  });
}
