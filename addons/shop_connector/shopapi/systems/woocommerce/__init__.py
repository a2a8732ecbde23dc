"""WooCommerce through its REST API (see README.md in this folder)."""
