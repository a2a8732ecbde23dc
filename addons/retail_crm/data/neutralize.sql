-- a copied database writes its SMS into files instead of sending them
UPDATE res_company
   SET retail_sms_gateway = 'file', retail_sms_url = NULL, retail_sms_secret = NULL;
-- and calls nobody, not even those that a rule wanted to be called
UPDATE retail_call SET state = 'failed' WHERE state = 'requested';
UPDATE retail_pbx
   SET call_method = 'tel', call_url = NULL, call_secret = NULL;
