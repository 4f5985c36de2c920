/* Boxes that are closed on the screen are open on paper, and the address is the one the reader came by. */
"use strict";

(function () {
  let opened = [];

  addEventListener("beforeprint", function () {
    opened = [...document.querySelectorAll("article details:not([open])")];
    opened.forEach((box) => { box.open = true; });
    document.querySelector(".below__address").textContent = location.origin + location.pathname;
  });

  addEventListener("afterprint", function () {
    opened.forEach((box) => { box.open = false; });
  });
})();
