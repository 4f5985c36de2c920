"""What those who run the portal do with whole databases: move them to another place, back them up, restore them."""
