// What was played goes to the server, one report at a time.
import { cover } from "./drawn.js";
import { find, root, watching } from "./page.js";

const say = (name) => {
  const words = root.querySelector("[data-waiting-words]");
  const said = words.dataset[name] ?? "";
  // The same words again would be read out again.
  if (words.textContent !== said) words.textContent = said;
  find("sign-in").hidden = name !== "away";
};

let sending = false;
let more = false;
export const send = async () => {
  more = sending;
  if (!watching || sending) return;
  sending = true;
  const answer = await watching.send();
  sending = false;
  // What was added on the way, such as the last second before a pause, need not wait for the next turn.
  if (more) send();
  say(answer === 0 ? "kept" : [401, 403, 409].includes(answer) ? "away" : "");
  if (!answer?.covered) return;
  cover(answer.covered);
  const standing = document.querySelector("section#standing[data-waiting]");
  if (answer.done && standing) htmx.ajax("GET", standing.dataset.address, { target: standing, swap: "outerHTML" });
};
