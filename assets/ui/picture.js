// A button that saves a part of the page as one PNG. The browser draws it again on a canvas: pictures without smoothing,
// and words as it writes them, so that every language has its letters.

const [SCALE, EDGE, MOST] = [2, 12, 8000]; // pixels of the file to one of the page; free room; the longest side

// The lines of a text as they are broken on the page: their words, and the boxes in which they stand.
function linesOf(node) {
  const range = document.createRange();
  const lines = [];
  let at = 0;
  for (const letter of node.data) {
    range.setStart(node, at);
    range.setEnd(node, (at += letter.length));
    const box = range.getClientRects()[0];
    if (!box) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.box.top - box.top) < 2) last.text += letter;
    else lines.push({ text: letter, box });
  }
  return lines;
}

function fade(element, root) {
  let left = 1;
  for (let one = element; one && one !== root; one = one.parentElement) left *= Number(getComputedStyle(one).opacity);
  return left;
}

function behind(element) {
  const colour = element ? getComputedStyle(element).backgroundColor : "#fff";
  return colour === "rgba(0, 0, 0, 0)" ? behind(element.parentElement) : colour;
}

async function drawn(root) {
  const [wide, high] = [root.scrollWidth + 2 * EDGE, root.scrollHeight + 2 * EDGE];
  const scale = Math.min(SCALE, MOST / wide, MOST / high);
  const canvas = document.createElement("canvas");
  canvas.lang = document.documentElement.lang;
  [canvas.width, canvas.height] = [wide * scale, high * scale];
  const pen = canvas.getContext("2d");
  const corner = root.getBoundingClientRect();
  pen.scale(scale, scale);
  pen.fillStyle = behind(root);
  pen.fillRect(0, 0, wide, high);
  pen.translate(EDGE - corner.left + root.scrollLeft, EDGE - corner.top + root.scrollTop);
  for (const picture of root.querySelectorAll("img")) {
    await picture.decode();
    const box = picture.getBoundingClientRect();
    pen.imageSmoothingEnabled = getComputedStyle(picture).imageRendering !== "pixelated";
    pen.drawImage(picture, box.left, box.top, box.width, box.height);
  }
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!element.checkVisibility()) continue;
    const { fontWeight, fontSize, fontFamily, color } = getComputedStyle(element);
    pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    [pen.fillStyle, pen.globalAlpha, pen.textBaseline] = [color, fade(element, root), "middle"];
    for (const { text, box } of linesOf(texts.currentNode)) pen.fillText(text, box.left, (box.top + box.bottom) / 2);
  }
  return canvas;
}

async function save({ of, file }) {
  const root = document.querySelector(of);
  if (!root) return;
  const canvas = await drawn(root);
  const link = Object.assign(document.createElement("a"), { href: canvas.toDataURL("image/png"), download: file });
  link.click();
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.title = data.help;
  button.onclick = () => save(data);
}
