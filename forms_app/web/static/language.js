// Remembers which field has the focus, so that the page opens at the same field in another language.

const form = document.getElementById("questions");
const field = form.elements.namedItem("focus");

form.addEventListener("focusin", (event) => {
  if (event.target.id) field.value = event.target.id;
});
