"""Many nodes at once, as a server meets them."""
