/* Boxes that are closed on the screen are open on paper. */
"use strict";

(function () {
  let opened = [];

  addEventListener("beforeprint", function () {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((box) => { box.open = true; });
  });

  addEventListener("afterprint", function () {
    opened.forEach((box) => { box.open = false; });
  });
})();
