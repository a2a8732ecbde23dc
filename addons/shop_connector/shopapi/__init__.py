"""Talking to web shops in plain Python: typed documents, one adapter per shop system.

Nothing below this folder knows Odoo. Inside the addon it is ``odoo.addons.shop_connector.shopapi``;
for plain ``pytest`` it is ``shopapi``. Imports are relative so that both names work.
"""
