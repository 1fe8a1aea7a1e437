// Chooses the page by the address.
import { $, fail } from "./kit.js";
import { chooseLanguage, t } from "./words.js";

chooseLanguage();
const page = $("page");
const [place, name] = location.pathname.split("/").filter(Boolean).map(decodeURIComponent);
try {
  if (place === "runs" && name) {
    await (await import("./run.js")).show(page, name);
  } else if (place === "compare") {
    await (await import("./compare.js")).show(page);
  } else {
    await (await import("./list.js")).show(page);
  }
} catch (error) {
  fail(page, error, t("home"));
}
