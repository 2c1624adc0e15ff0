"use strict";
(function () {
  var NARROW = 620, PRINT = 680;
  var figures = JSON.parse(document.getElementById("page-figures").textContent);
  echarts.registerMap("peru", JSON.parse(document.getElementById("page-outline").textContent));
  var drawn = [];

  function draw(entry, width) {
    var form = width < NARROW ? "narrow" : "wide";
    entry.node.style.height = entry.figure.heights[form === "narrow" ? 1 : 0] + "px";
    entry.chart.resize({ width: width });
    if (entry.form !== form) {
      entry.form = form;
      entry.chart.setOption(entry.figure[form], { notMerge: true });
    }
    entry.chart.getZr().flush();
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-figure]"), function (node) {
    var figure = figures[node.getAttribute("data-figure")];
    if (!figure) { return; }
    var entry = { node: node, figure: figure, form: "", chart: echarts.init(node, null, { renderer: "svg" }) };
    drawn.push(entry);
    draw(entry, node.clientWidth);
    node.setAttribute("role", "img");
  });

  function fit() { drawn.forEach(function (entry) { draw(entry, entry.node.parentNode.clientWidth); }); }
  window.addEventListener("resize", fit);
  window.addEventListener("beforeprint", function () { drawn.forEach(function (entry) { draw(entry, PRINT); }); });
  window.addEventListener("afterprint", fit);
  document.documentElement.setAttribute("data-ready", String(drawn.length));
})();
