-- a copied database must not talk to the shops of the original
UPDATE shop_shop SET state = 'draft', is_paused = TRUE, api_key = NULL, api_secret = NULL,
                     hint_secret = NULL, media_login = NULL;
UPDATE ir_cron SET active = FALSE WHERE id IN (SELECT cron_id FROM shop_shop WHERE cron_id IS NOT NULL);
