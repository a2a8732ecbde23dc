"""The halves of the benchmarks that run inside Odoo (``odoo shell``), beside the halves that start
them.
"""
