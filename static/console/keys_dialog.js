// The list of single keys, with the switch that turns them off in this browser; console and desk share it.
"use strict";

const keysDialog = (() => {
  const SETTING = "atender.keys";

  const areOn = () => localStorage.getItem(SETTING) !== "off";

  function part(name, text, ...children) {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    element.append(...children);
    return element;
  }

  function onOffSwitch() {
    const box = part("input");
    box.type = "checkbox";
    box.checked = areOn();
    box.addEventListener("change", () => localStorage.setItem(SETTING, box.checked ? "on" : "off"));
    return part("label", "", box, " Single keys work in this browser");
  }

  // Each row is a key and what it does.
  function show(rows) {
    if (document.querySelector("dialog.keys-dialog")) return;
    const before = document.activeElement;
    const list = part("dl", "");
    for (const [key, meaning] of rows) list.append(part("dt", "", part("kbd", key)), part("dd", meaning));
    const close = part("button", "Close");
    close.className = "btn";
    const form = part("form", "", onOffSwitch(), close);
    form.method = "dialog";
    const dialog = part("dialog", "", part("h2", "Keys"), list, form);
    dialog.className = "keys-dialog";
    dialog.setAttribute("aria-label", "Keys");
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    close.focus();
  }

  return { areOn, show };
})();
