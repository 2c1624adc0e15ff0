"use strict";
(function () {
  var NARROW = 620, PRINT = 680;
  var data = JSON.parse(document.getElementById("page-data").textContent);
  var each = Array.prototype.forEach;
  var charts = [];

  function draw(entry, width) {
    var form = width < NARROW && entry.figure.narrow ? "narrow" : "wide";
    entry.node.style.height = entry.figure.heights[form === "narrow" ? 1 : 0] + "px";
    if (!entry.chart) {
      entry.chart = echarts.init(entry.node, null, { renderer: "svg" });
      entry.node.setAttribute("role", "img");
    }
    entry.chart.resize({ width: width });
    if (entry.form !== form) {
      entry.form = form;
      entry.chart.setOption(entry.figure[form], { notMerge: true });
    }
    entry.chart.getZr().flush();
  }
  function width(entry) { return entry.node.parentNode.clientWidth; }
  function shown(entry) { return entry.node.offsetParent !== null; }

  each.call(document.querySelectorAll("[data-figure]"), function (node) {
    var figure = data.figures[node.getAttribute("data-figure")];
    if (figure) { charts.push({ node: node, figure: figure, form: "", chart: null }); }
  });
  var watch = new IntersectionObserver(function (seen) {
    seen.forEach(function (item) {
      if (!item.isIntersecting) { return; }
      charts.forEach(function (entry) { if (entry.node === item.target) { draw(entry, width(entry)); } });
    });
  }, { rootMargin: "600px" });
  charts.forEach(function (entry) { watch.observe(entry.node); });
  function redraw(at) { charts.forEach(function (entry) { if (entry.chart && shown(entry)) { draw(entry, at || width(entry)); } }); }
  window.addEventListener("resize", function () { redraw(0); });
  window.addEventListener("beforeprint", function () { charts.forEach(function (entry) { if (shown(entry)) { draw(entry, PRINT); } }); });
  window.addEventListener("afterprint", function () { redraw(0); });

  var quantity = document.getElementById("filter-quantity"), place = document.getElementById("filter-place");
  var sections = document.querySelectorAll("[data-series]");
  function fits(node, select, name) { return !select || !select.value || node.getAttribute(name) === select.value; }
  function filter() {
    var places = {}, count = 0;
    each.call(sections, function (node) {
      var there = fits(node, quantity, "data-quantity");
      if (there) { places[node.getAttribute("data-place")] = true; }
      node.hidden = !(there && fits(node, place, "data-place"));
      if (!node.hidden) { count += 1; }
    });
    if (place) { each.call(place.options, function (option) { option.disabled = option.value !== "" && !places[option.value]; }); }
    var told = document.getElementById("series-count");
    if (told) { told.textContent = data.words.shown.replace("{n}", String(count)); }
    charts.forEach(function (entry) { if (!entry.chart && shown(entry) && count <= 12) { draw(entry, width(entry)); } });
  }
  function rows() {
    var open = {};
    each.call(sections, function (node) { if (!node.hidden) { open[node.getAttribute("data-series")] = true; } });
    return data.head + data.lines.filter(function (line) { return open[line[0]]; }).map(function (line) { return line[1]; }).join("");
  }
  if (quantity && place) {
    quantity.addEventListener("change", function () { place.value = ""; filter(); });
    place.addEventListener("change", filter);
    document.getElementById("download").addEventListener("click", function () {
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(["\ufeff", rows()], { type: "text/csv;charset=utf-8" }));
      link.download = data.file;
      link.click();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
    });
    filter();
  }
  document.documentElement.setAttribute("data-ready", "1");
})();
