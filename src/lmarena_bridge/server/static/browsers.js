/** Which browser this page is looked at in, as far as the first steps depend on it. */

/** @returns {"firefox" | "edge" | "safari" | "chromium"} */
export function browserName() {
  const agent = navigator.userAgent;
  if (/Firefox\//.test(agent)) return "firefox";
  if (/Edg\//.test(agent)) return "edge";
  if (/Chrome\//.test(agent)) return "chromium";
  return /Safari\//.test(agent) ? "safari" : "chromium";
}
