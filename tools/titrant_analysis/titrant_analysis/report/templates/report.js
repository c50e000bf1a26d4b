"use strict";
// The tab key stops at tables and charts only where there is something to scroll.
(() => {
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of document.querySelectorAll(".scroll, .plot, pre")) watch.observe(box);
})();

// Shows the values of the data point nearest to the pointer.
(() => {
  const tip = document.getElementById("tip");
  const reach = 24; // px
  for (const drawing of document.querySelectorAll(".drawing")) {
    const svg = drawing.querySelector(".plot svg");
    const data = drawing.querySelector(".points");
    if (!svg || !data) continue;
    let series = null;
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    mark.setAttribute("r", "4");
    mark.setAttribute("fill", "none");
    mark.setAttribute("stroke", "currentColor");
    mark.setAttribute("visibility", "hidden");
    mark.setAttribute("pointer-events", "none");
    svg.append(mark);
    const hide = () => { tip.hidden = true; mark.setAttribute("visibility", "hidden"); };
    const show = (event) => {
      series ??= JSON.parse(data.textContent);
      const box = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / box.width;
      const x = (event.clientX - box.left) * scale;
      const y = (event.clientY - box.top) * scale;
      let best = null;
      let least = (reach * scale) ** 2;
      for (const one of series) {
        for (const point of one.points) {
          const distance = (point[0] - x) ** 2 + (point[1] - y) ** 2;
          if (distance < least) { least = distance; best = [one, point]; }
        }
      }
      if (!best) return hide();
      const [one, point] = best;
      mark.setAttribute("cx", point[0]);
      mark.setAttribute("cy", point[1]);
      mark.setAttribute("visibility", "visible");
      tip.replaceChildren();
      for (const line of [one.name, `${one.x}: ${point[2]}`, `${one.y}: ${point[3]}`]) {
        tip.append(line, document.createElement("br"));
      }
      tip.hidden = false;
      const left = Math.min(event.clientX + 14, document.documentElement.clientWidth - tip.offsetWidth - 8);
      const above = event.clientY - tip.offsetHeight - 12;
      tip.style.left = `${Math.max(8, left)}px`;
      tip.style.top = `${above < 8 ? event.clientY + 16 : above}px`;
    };
    svg.addEventListener("pointermove", show);
    svg.addEventListener("pointerdown", show);
    svg.addEventListener("pointerleave", hide);
  }
})();
