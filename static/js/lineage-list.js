// Reads the server's lineage list (templates/components/lineage.html) as nodes with their parents.
export function readNodes(list) {
  return [...list.querySelectorAll(":scope > [data-node]")].map((item) => {
    const title = item.querySelector("[data-title]");
    return {
      id: item.dataset.node,
      kind: item.dataset.kind,
      tier: item.dataset.tier ?? "",
      tierWord: item.querySelector(".tier-badge")?.textContent.trim() ?? "",
      here: "here" in item.dataset,
      title: title.textContent.trim(),
      url: title.getAttribute("href") ?? `#${item.id}`,
      mark: item.querySelector(".weave"),
      swatch: item.querySelector(".tier-swatch"),
      parents: [...item.querySelectorAll("[data-from]")].map((link) => link.dataset.from),
    };
  });
}
